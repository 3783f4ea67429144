/**
 * What the scripts of `weft completions` offer, asked of the shells themselves. Those that aren't installed are skipped with a message
 * (Debian: `apt-get install zsh fish`).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CODES } from "../../compiler/diagnostics/codes.ts";
import { folderWith, jsonOf, weft } from "../helpers/cli.ts";

const CONTRACTS = "contract Token { state a: u64; }\n  contract Vault {}\n";

/** A folder with sources, other files and a folder with a space in its name. */
function makeFolder(): string {
  const cwd = folderWith({ "token.weft": CONTRACTS, "notes.txt": "", "scenario.json": "{}" });
  for (const name of ["deep", "my contracts"]) mkdirSync(join(cwd, name));
  writeFileSync(join(cwd, "deep/inner.weft"), "contract Inner {}\n");
  for (const shell of ["bash", "zsh", "fish", "powershell"]) writeFileSync(join(cwd, `.${shell}`), weft(["completions", shell]).out);
  return cwd;
}

const cwd = makeFolder();

function run(command: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: 50_000,
    env: { ...process.env, HOME: cwd, TERM: "xterm" },
  });
  if (status !== 0) throw new Error(`${command}: ${String(status)} ${stderr} ${stdout}`);
  return stdout;
}

function isInstalled(shell: string): boolean {
  const found = spawnSync(shell, ["--version"], { stdio: "ignore" }).status === 0;
  if (!found) console.warn(`completions for ${shell} are not tried: it isn't installed`);
  return found;
}

/** What is offered for the last word of the line. */
type Complete = (line: string) => readonly string[];

/** Bash splits words at `=`, too. */
const bash: Complete = (line) => {
  const words = line.split(" ").flatMap((word) =>
    word.includes("=")
      ? [
          word.split("=")[0],
          "=",
          ...word
            .split("=")
            .slice(1)
            .filter((part) => part !== ""),
        ]
      : [word],
  );
  const script = 'source .bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _weft; printf "%s\\n" "${COMPREPLY[@]}"';
  return run("bash", ["--norc", "-c", script, "bash", ...words])
    .split("\n")
    .filter((word) => word !== "")
    .sort();
};

const fish: Complete = (line) =>
  run("fish", ["--no-config", "-c", "source .fish; complete -C $argv[1]", line])
    .split("\n")
    .map((word) =>
      word
        .split("\t")[0]
        .replace(/^--[\w-]+=/, "")
        .replace(/\/$/, ""),
    )
    .filter((word) => word !== "")
    .sort();

/** An interactive zsh in a terminal of its own; the offers are what the completion hands to the shell. */
const ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'source .capture && print READY'
while zpty -r z line; do [[ $line == *READY* && $line != *print* ]] && break; done
zpty -w -n z "$1"$'\\t'
while zpty -r z line; do line=\${line//$'\\r'/}; [[ $line == *DONE* ]] && break; [[ $line == *HIT:* ]] && print -r -- \${line##*HIT:}; done
zpty -d z
`;
const CAPTURE = `
PROMPT=
unsetopt zle_bracketed_paste
autoload -Uz compinit && compinit -u -D
source .zsh
finish() { print -r -- $'\\n'DONE; exit }
comppostfuncs=(finish)
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -A hits "$@"
  local hit
  for hit in $hits; do print -r -- $'\\n'HIT:$hit; done
  builtin compadd "$@"
}
`;
const zsh: Complete = (line) => {
  writeFileSync(join(cwd, ".capture"), CAPTURE);
  writeFileSync(join(cwd, ".drive"), ZSH);
  return [
    ...new Set(
      run("zsh", ["-f", ".drive", line])
        .split("\n")
        .filter((word) => word !== ""),
    ),
  ].sort();
};

describe.each([
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
] as const)("%s", (shell, complete) => {
  const skip = !isInstalled(shell);
  const tries = (name: string, check: () => void): void => {
    test.skipIf(skip)(name, check);
  };

  tries("offers commands", () => {
    expect(complete("weft ch")).toEqual(["check"]);
    expect(complete("weft co")).toEqual(["completions", "conflicts"]);
    expect(complete("weft help bu")).toEqual(["build"]);
    // What stands before the command belongs to its own options.
    expect(complete("weft --color never ch")).toEqual(["check"]);
  });

  tries("offers options and their choices", () => {
    expect(complete("weft check --fo")).toEqual(["--format"]);
    expect(complete("weft check --format ")).toEqual(["human", "json", "sarif"]);
    expect(complete("weft check --format=s")).toEqual(["sarif"]);
    expect(complete("weft check --fix=")).toEqual(["all", "safe"]);
    expect(complete("weft init --template n")).toEqual(["nft"]);
    expect(complete("weft completions f")).toEqual(["fish"]);
    expect(complete("weft footprint token.weft --fail")).toEqual(["--fail-on-loss"]);
  });

  tries("offers source files and folders, and other files where they belong", () => {
    const offered = complete("weft check ").map((name) => name.replace("\\", "").replace(/\/$/, ""));
    expect(offered.filter((name) => !name.startsWith("."))).toEqual(["deep", "my contracts", "token.weft"]);
    expect(complete("weft check to")).toEqual(["token.weft"]);
    expect(complete("weft check token.weft --json d").map((name) => name.replace(/\/$/, ""))).toEqual(["deep"]);
    // Where no source fits, zsh offers all files, as it does everywhere.
    expect(complete("weft check n")).toEqual(shell === "zsh" ? ["notes.txt"] : []);
    expect(complete("weft run s")).toEqual(["scenario.json"]);
    // Folders; where none fits, zsh offers all files here, too.
    expect(complete("weft build token.weft --out t")).toEqual(shell === "zsh" ? ["token.weft"] : []);
  });

  tries("offers the contracts of the file before", () => {
    expect(complete("weft conflicts token.weft ")).toEqual(["Token", "Vault"]);
    expect(complete("weft footprint token.weft V")).toEqual(["Vault"]);
    expect(complete("weft conflicts nothing.weft ")).toEqual([]);
  });

  tries("offers codes, also in small letters where the shell allows it", () => {
    expect(complete("weft explain E080")).toEqual(Object.keys(CODES).filter((code) => code.startsWith("E080")));
    expect(complete("weft explain ").length).toBe(Object.keys(CODES).length);
  });

  tries("knows every command and option of the help", () => {
    const commands = [...weft(["--help"]).out.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1]);
    expect(complete("weft ")).toEqual(expect.arrayContaining(commands));
    for (const command of ["check", "run", "conflicts"]) {
      const options = [...weft([command, "--help"]).out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]);
      expect(options.length).toBeGreaterThan(4);
      expect(complete(`weft ${command} --`)).toEqual(expect.arrayContaining(options));
    }
  });
});

describe("powershell", () => {
  const skip = !isInstalled("pwsh");
  test.skipIf(skip)("offers commands, options, choices and codes", () => {
    const complete = (line: string): readonly string[] =>
      run("pwsh", [
        "-NoProfile",
        "-Command",
        `. ([scriptblock]::Create((Get-Content -Raw .powershell))); (TabExpansion2 '${line}' ${line.length}).CompletionMatches.CompletionText`,
      ])
        .trim()
        .split("\n");
    expect(complete("weft ch")).toEqual(["check"]);
    expect(complete("weft check --format s")).toEqual(["sarif"]);
    expect(complete("weft explain E0801")).toEqual(["E0801"]);
  });

  test("has balanced brackets and quotes, and names every command", () => {
    const script = weft(["completions", "powershell"]).out;
    const bare = script.replaceAll(/^\s*#.*$/gm, "").replaceAll(/'(?:[^'\n]|'')*'|"[^"\n]*"/g, "");
    expect(bare).not.toMatch(/['"]/);
    for (const [open, close] of ["{}", "()", "[]"]) expect(bare.split(open).length).toBe(bare.split(close).length);
    for (const command of ["check", "init", "explain"]) expect(script).toContain(`'${command}' = @{`);
  });
});

test("an unknown shell is refused, and --json has the script", () => {
  expect(weft(["completions", "csh"])).toMatchObject({ code: 2, out: "" });
  expect(weft(["completions", "zhs"]).err).toContain("did you mean `zsh`?");
  expect(weft(["completions"])).toMatchObject({ code: 2 });
  expect(jsonOf(weft(["completions", "bash", "--json"]))).toMatchObject({ ok: true, shell: "bash" });
});
