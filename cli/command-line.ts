/** The commands of `weft` with their arguments, options and examples. What each does is imported when it runs. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Shell } from "./commands/completions.ts";
import type { Context, Outcome } from "./outcome.ts";
import type { PageChoice } from "./commands/page.ts";
import { EXIT_HELP } from "./exit.ts";
import { FORMATS } from "./output.ts";
import type { Format } from "./output.ts";
import type { FixLevel } from "./fix.ts";
import { addFootprintOptions, FOOTPRINT_EXAMPLES, footprintAsked, isAskedOtherwise } from "./footprint-options.ts";
import type { FootprintOptions } from "./footprint-options.ts";
import { whole } from "./numbers.ts";
import { LIMITS } from "./score/options.ts";
import type { ColourChoice } from "./render/theme.ts";
import type { ScoreOptions } from "./score/options.ts";
import { addTestOptions, TEST_EXAMPLES } from "./testing/options.ts";
import type { TestOptions } from "./testing/options.ts";
import { version } from "./version.ts";

/** Options of every command. */
export interface GlobalOptions {
  readonly json?: true;
  readonly format?: Format;
  readonly quiet?: true;
  readonly color?: ColourChoice;
  /** `false`: none. */
  readonly project?: string | false;
}

export const FIX_LEVELS: readonly [FixLevel, FixLevel] = ["safe", "all"];

/** A command with its arguments, ready to run. */
export type Start = (context: Context) => Promise<Outcome>;

export function buildProgram(choose: (command: Command, start: Start) => void): Command {
  const program = new Command("weft")
    .description("Weft: smart contracts whose calls run in parallel without speculation")
    .version(`weft ${version()}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .addHelpText("after", `\nEach command explains itself: weft COMMAND --help\n\n${EXIT_HELP}`);
  addInit(program, choose);
  addCheck(program, choose);
  addBuild(program, choose);
  addFootprint(program, choose);
  addConflicts(program, choose);
  addTest(program, choose);
  addFmt(program, choose);
  addRun(program, choose);
  addDoc(program, choose);
  addLsp(program, choose);
  addExplain(program, choose);
  addCompletions(program, choose);
  for (const command of [program, ...program.commands]) {
    command
      .addOption(new Option("--format <format>", "text for people, or one document on stdout and nothing else").choices(FORMATS))
      .addOption(new Option("--json", "short for --format json").conflicts("format"))
      .addOption(new Option("-q, --quiet", "no progress and no closing words"))
      .addOption(new Option("--color <when>", "colours in the output").choices(["auto", "always", "never"]))
      .addOption(new Option("--project <path>", "a project file, or its folder, instead of the nearest weft.json"))
      .addOption(new Option("--no-project", "as if there were no weft.json"));
  }
  return program;
}

const FILES = "source files, and folders of them; default: those of the project, or of the working folder";

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n\n${EXIT_HELP}`;
}

const TEMPLATES = ["token", "nft", "dao", "empty"];

interface InitOptions {
  readonly template: string;
  readonly name?: string;
  readonly force?: true;
  readonly weft?: string;
}

function addInit(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("init")
    .description("make a project: contracts with tests, a scenario, weft.json, package.json, a CI file")
    .argument("[folder]", "default: the working folder")
    .addOption(new Option("-t, --template <template>", "what it begins with").choices(TEMPLATES).default("token"))
    .option("--name <name>", "name of the package; default: that of the folder")
    .option("--weft <spec>", "what package.json names as weft, as npm has it; default: this installation")
    .option("--force", "write over files that are there")
    .addHelpText("after", examples(["weft init", "weft init my-dao --template dao"]))
    .action((folder: string | undefined, { template, name, force, weft }: InitOptions) =>
      choose(command, async () => {
        const commands = program.commands.map((each) => each.name());
        return (await import("./commands/init.ts")).init({ folder: folder ?? ".", template, name, force: force === true, weft, commands });
      }),
    );
}

function addCheck(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("check")
    .description("find errors, and prove the `parallel` assertions")
    .argument("[files...]", FILES)
    .addOption(
      new Option(
        "--fix [which]",
        "apply fixes that change nothing for callers; --fix=all: those that change the ABI or which error is reported, too",
      ).choices(FIX_LEVELS),
    )
    .addHelpText("after", examples(["weft check", "weft check token.weft", "weft check contracts --json", "weft check token.weft --fix"]))
    .action((files: string[], options: { readonly fix?: FixLevel }) =>
      choose(command, async (context) => (await import("./commands/check.ts")).check(files, options.fix, context)),
    );
}

function addBuild(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("build")
    .description("write each contract as TypeScript and JavaScript, with its ABI, layout and typed client")
    .argument("[files...]", `${FILES}, without its tests`)
    .option("-o, --out <dir>", "folder to write to; default: the project's `build.out`", folderName)
    .addHelpText("after", examples(["weft build", "weft build token.weft --out build"]))
    .action((files: string[], options: { readonly out?: string }) =>
      choose(command, async (context) => (await import("./commands/build.ts")).build(files, options.out, context)),
    );
}

function folderName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must name a folder.");
  return text;
}

interface PageOptions {
  readonly html?: true;
  readonly output?: string;
}

function addPage(command: Command): void {
  command
    .option("--html", "print a page for a browser, with the matrix, each pair and the footprints over the source")
    .option("-o, --output <file>", "with --html: write the page to this file", fileName);
}

function pageChoice(command: Command): PageChoice | undefined {
  const { html, output, json, format } = command.optsWithGlobals<PageOptions & GlobalOptions>();
  if (html !== true && output !== undefined) command.error("error: option '-o, --output <file>' needs option '--html'");
  const other = json === true ? "--json" : format === undefined ? undefined : "--format";
  if (html === true && other !== undefined) command.error(`error: option '--html' cannot be used with option '${other}'`);
  return html === true ? { output } : undefined;
}

function fileName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must name a file.");
  return text;
}

function addFootprint(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("footprint")
    .description("show which cells each function reads, writes or adds to")
    .argument("<file>", "source file; with --diff the newer version, or FILE")
    .argument("[name]", "CONTRACT or CONTRACT.FUNCTION, default: all; with --diff OLD NEW: FILE")
    .addHelpText(
      "after",
      examples([
        "weft footprint dao.weft",
        "weft footprint dao.weft Dao.vote",
        "weft footprint dao.weft --html -o dao.html",
        ...FOOTPRINT_EXAMPLES,
      ]),
    )
    .action((file: string, name: string | undefined, options: FootprintOptions) => {
      const page = pageChoice(command);
      if (page !== undefined && isAskedOtherwise(options))
        command.error("error: `--html` shows whole contracts; leave out `--call`, `--data` and `--diff`");
      choose(command, async () => {
        return (await footprintAsked(file, name, options)) ?? (await import("./commands/footprint.ts")).footprint(file, name, page);
      });
    });
  addFootprintOptions(command);
  addPage(command);
}

interface ConflictsOptions extends Omit<Partial<ScoreOptions>, "mix"> {
  readonly mix?: string;
  readonly score?: true;
}

function addConflicts(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("conflicts")
    .description("show for each pair of functions when two calls must run one after the other")
    .argument("<file>", "source file")
    .argument("[contract]", "contract; default: all")
    .option("--mix <mix>", "score a mix of calls instead: `transfer=80,mint=20`, `uniform`, or a .json file")
    .option("--score", "short for --mix uniform: all functions that change state alike")
    .option("--workers <counts>", "score: numbers of workers (default: 4,16,64)", counts)
    .option("--calls <n>", "score: calls of a block (default: 1000)", whole(1, LIMITS.calls))
    .option("--accounts <n>", "score: accounts that call and are named (default: 10000)", whole(1, LIMITS.accounts))
    .option("--ids <n>", "score: whole numbers are below this (default: 10000)", whole(1, LIMITS.ids))
    .option("--skew <s>", "score: how much oftener the first ones come, as Zipf's exponent (default: 0)", skew)
    .option("--seed <n>", "score: seed of the sampled calls (default: 1)", whole(0, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      "after",
      examples([
        "weft conflicts dao.weft",
        "weft conflicts dao.weft Dao --json",
        "weft conflicts dao.weft --html > dao.html",
        "weft conflicts dao.weft --mix vote=9,join=1",
      ]),
    )
    .action((file: string, contract: string | undefined, options: ConflictsOptions) => {
      const { mix = options.score === true ? "uniform" : undefined, workers, calls, accounts, ids, skew: exponent, seed } = options;
      const only = mix === undefined ? Object.keys(options).find((name) => SCORE_ONLY.includes(name)) : undefined;
      if (only !== undefined) command.error(`error: \`--${only}\` goes with \`--mix\` or \`--score\``);
      const page = pageChoice(command);
      if (mix !== undefined && page !== undefined) command.error("error: `--html` shows no score; leave out `--mix` and `--score`");
      choose(command, async () => {
        if (mix === undefined) return (await import("./commands/conflicts.ts")).conflicts(file, contract, page);
        const asked = { mix, workers, calls, accounts, ids, skew: exponent, seed };
        return (await import("./commands/conflicts-score.ts")).conflictsScore(file, contract, asked);
      });
    });
  addPage(command);
}

const SCORE_ONLY: readonly string[] = ["workers", "calls", "accounts", "ids", "skew", "seed"];

function counts(text: string): readonly number[] {
  const read = whole(1, LIMITS.workers);
  const asked = [...new Set(text.split(",").map(read))].sort((a, b) => a - b);
  if (asked.length > LIMITS.counts) throw new InvalidArgumentError(`They must be at most ${LIMITS.counts}.`);
  return asked;
}

function skew(text: string): number {
  const value = /^[0-9]{1,2}(?:\.[0-9]{1,6})?$/.test(text) ? Number(text) : NaN;
  if (!(value >= 0 && value <= LIMITS.skew)) throw new InvalidArgumentError(`It must be a number from 0 to ${LIMITS.skew}.`);
  return value;
}

function addTest(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("test")
    .description("run the `test` blocks on the real runtime, serially and in parallel")
    .argument("[files...]", "source files, FILE:LINE, or folders; default: the project's files, or those below the working folder")
    .addHelpText("after", examples(TEST_EXAMPLES))
    .action((files: string[], options: TestOptions) => {
      const { format, json } = command.optsWithGlobals<GlobalOptions>();
      if (options.watch === true && (json === true || (format ?? "human") !== "human"))
        command.error("error: `--watch` shows each run to people; leave out `--json` and `--format`");
      choose(command, async (context) => (await import("./commands/test.ts")).test(files, options, context));
    });
  addTestOptions(command);
}

/** Cells that `--stats` shows. */
const DEFAULT_HOTTEST = 10;
const MAX_HOTTEST = 1_000;

interface FmtOptions {
  readonly check?: true;
  readonly diff?: true;
  readonly stdin?: true;
  readonly stdinFilepath?: string;
}

function addFmt(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("fmt")
    .description("bring source files into the one canonical style")
    .argument(
      "[paths...]",
      "source files, folders, or - for standard input; default: the project's files, or those below the working folder",
    )
    .option("--check", "write nothing; name the files that aren't formatted, and end with 1 if there are any")
    .option("--diff", "write nothing; show what would change, and end with 1 if anything would")
    .option("--stdin", "short for -: format standard input to standard output")
    .option("--stdin-filepath <path>", "what standard input is called in diagnostics", fileName)
    .addHelpText(
      "after",
      examples(["weft fmt", "weft fmt --check", "weft fmt contracts token.weft", "weft fmt --diff", "weft fmt - <token.weft"]),
    )
    .action((given: string[], { check, diff, stdin, stdinFilepath }: FmtOptions) => {
      const paths = given.filter((path) => path !== "-");
      const isStdin = stdin === true || stdinFilepath !== undefined || paths.length < given.length;
      if (isStdin && paths.length > 0) command.error("error: standard input is formatted alone, without files");
      const name = isStdin ? (stdinFilepath ?? "stdin.weft") : undefined;
      const request = { paths, check: check === true, diff: diff === true, stdin: name };
      choose(command, async (context) => (await import("./commands/fmt.ts")).fmt(request, context));
    });
}

interface RunOptions {
  readonly workers?: number;
  readonly calls?: number;
  readonly seed?: number;
  readonly blockSize?: number;
  readonly simulateWorkers?: readonly number[];
  readonly stats?: number | true;
}

function addRun(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("run")
    .description("run a scenario serially and in parallel, and compare the two")
    .argument("[scenario]", "scenario file, or a folder with a scenario.json; default: the project's `run.scenario`")
    .option("--workers <n>", "executing threads of the parallel run (default: processors, at most 16)", whole(1, 64))
    .option("--calls <n>", "scale the generated calls to about this many", whole(1, 10_000_000))
    .option("--seed <n>", "seed of the generated calls instead of the scenario's", whole(0, Number.MAX_SAFE_INTEGER))
    .option("--block-size <n>", "cut generated blocks at this many calls", whole(1, 1_000_000))
    .option("--simulate-workers <counts>", "replay the measured blocks on simulated pools of these sizes, as 1,2,4,8,16,32,64", counts)
    .option(
      "--stats [n]",
      `the hottest cells, why calls wait, and the time by stage (default: ${DEFAULT_HOTTEST} cells)`,
      whole(1, MAX_HOTTEST),
    )
    .addHelpText(
      "after",
      examples([
        "weft run examples/dao",
        "weft run examples/token --calls 10000 --workers 4 --json",
        "weft run examples/token --simulate-workers 1,2,4,8,16,32,64",
        "weft run examples/dao --stats",
      ]),
    )
    .action((path: string | undefined, options: RunOptions) =>
      choose(command, async (context) => {
        const { workers, calls, seed, blockSize, simulateWorkers } = options;
        const stats = options.stats === true ? DEFAULT_HOTTEST : options.stats;
        return (await import("./commands/run.ts")).run({ path, workers, calls, seed, blockSize, simulateWorkers, stats }, context);
      }),
    );
}

interface DocOptions {
  readonly out?: string;
  readonly title?: string;
  readonly html?: true;
  readonly markdown?: true;
  readonly check?: true;
}

function addDoc(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("doc")
    .description("write pages about contracts, from doc comments and from what the compiler knows")
    .argument("[files...]", `${FILES}, without its tests`)
    .option("-o, --out <dir>", "folder to write to; default: the project's `doc.out`", folderName)
    .option("--title <text>", "title of the first page")
    .option("--html", "only HTML; default: both")
    .option("--markdown", "only Markdown; default: both")
    .option("--check", "write nothing; exit with 1 when a page isn't as it should be")
    .addHelpText("after", examples(["weft doc", "weft doc token.weft --out docs/api --html"]))
    .action((files: string[], options: DocOptions) =>
      choose(command, async (context) => {
        const { out, title, html, markdown, check } = options;
        const forms = html === markdown ? (["html", "markdown"] as const) : html === true ? (["html"] as const) : (["markdown"] as const);
        return (await import("./commands/doc.ts")).doc({ files, out, title, forms, check: check === true }, context);
      }),
    );
}

interface LspOptions {
  readonly stdio?: true;
  readonly nodeIpc?: true;
}

function addLsp(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("lsp")
    .description("start the language server, for editors")
    .option("--stdio", "speak over standard input and output (the default)")
    .option("--node-ipc", "speak to the Node process that started it")
    // Clients pass it along; who started the server shows by its pipes.
    .addOption(new Option("--clientProcessId <id>", "process of the editor").hideHelp())
    .addHelpText("after", examples(["weft lsp --stdio"]))
    .action(({ stdio, nodeIpc }: LspOptions) => {
      if (stdio === true && nodeIpc === true) command.error("error: choose one of `--stdio` and `--node-ipc`");
      if (nodeIpc === true && process.send === undefined)
        command.error("error: `--node-ipc` needs a Node process that started this one with a channel");
      choose(command, async () => (await import("./commands/lsp.ts")).lsp(nodeIpc === true ? "node-ipc" : "stdio", program));
    });
}

function addExplain(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("explain")
    .description("explain a diagnostic, with a program that fails and one that works")
    .argument("[code]", "code as shown in brackets, as E0202; default: a list of all")
    .addHelpText("after", examples(["weft explain E0202", "weft explain", "weft explain W1001 --json"]))
    .action((code: string | undefined) => choose(command, async () => (await import("./commands/explain.ts")).explain(code)));
}

const SHELLS: readonly Shell[] = ["bash", "zsh", "fish", "powershell"];

function addCompletions(program: Command, choose: (command: Command, start: Start) => void): void {
  const command = program
    .command("completions")
    .description("print a script with which a shell completes commands, options, files, contracts and codes")
    .addArgument(new Argument("<shell>", "the shell to print it for").choices(SHELLS))
    .addHelpText("after", examples(["source <(weft completions bash)", "weft completions fish > ~/.config/fish/completions/weft.fish"]))
    .action((shell: Shell) => choose(command, async () => (await import("./commands/completions.ts")).completions(shell, program)));
}
