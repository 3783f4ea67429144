/** Completions for fish. */
import type { Kind, Shape, ShapedCommand, ShapedOption } from "./shape.ts";
import type { CodeLine } from "./zsh.ts";

export function fishCompletions({ name, options, commands }: Shape, codes: readonly CodeLine[]): string {
  const none = `-n "not __fish_seen_subcommand_from ${commands.map((command) => command.name).join(" ")}"`;
  return `# Completions of ${name} for fish. Save as ~/.config/fish/completions/${name}.fish:  ${name} completions fish > ~/.config/fish/completions/${name}.fish

# The contracts of the source file on the command line.
function __${name}_contracts
  for word in (commandline -opc)
    if string match -q -- '*.weft' $word; and test -f $word
      string replace -rf '^\\s*contract\\s+(\\w+).*' '$1' <$word
    end
  end
end

# Whether the word is the argument of this number of this command: from this number on with a \`+\`.
function __${name}_at
  set -l command ''
  set -l number 0
  set -l isValue 0
  string match -q -- '-*' (commandline -ct); and return 1
  for word in (commandline -opc)[2..]
    if test $isValue = 1
      set isValue 0
    else if string match -q -- '-*' $word
      contains -- $word ${valued([{ options }, ...commands]).join(" ")}; and set isValue 1
    else if test -z "$command"
      set command $word
    else
      set number (math $number + 1)
    end
  end
  test "$command" = $argv[1]; or return 1
  test $number = $argv[2]; or begin; test "$argv[3]" = +; and test $number -ge $argv[2]; end
end

function __${name}_sources
  __fish_complete_suffix .weft | string match -r '^.*(?:\\.weft|/)(?:\\t.*)?$'
end

complete -c ${name} -f
${commands.map((command) => `complete -c ${name} ${none} -a ${command.name} -d ${quoted(command.about)}`).join("\n")}
${options.map((option) => optionLine(name, none, option)).join("\n")}
${commands.flatMap((command) => commandLines(name, command, commands, codes)).join("\n")}
`;
}

function commandLines(
  program: string,
  { name, options, arguments: places }: ShapedCommand,
  commands: readonly ShapedCommand[],
  codes: readonly CodeLine[],
): readonly string[] {
  const here = `-n "__fish_seen_subcommand_from ${name}"`;
  const all = commands.map((command) => command.name);
  return [
    ...options.map((option) => optionLine(program, here, option)),
    ...places.flatMap(({ takes, repeats }, index) => {
      const at = `-n "__${program}_at ${name} ${index}${repeats ? " +" : ""}"`;
      return argumentLines(`complete -c ${program} ${at}`, program, takes, all, codes);
    }),
  ];
}

/** Options whose value is the word behind them. */
function valued(holders: readonly { readonly options: readonly ShapedOption[] }[]): readonly string[] {
  return [...new Set(holders.flatMap(({ options }) => options.filter(({ value }) => value === "required").flatMap(({ names }) => names)))];
}

function optionLine(program: string, condition: string, { names, about, value, takes }: ShapedOption): string {
  const spelt = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(" ");
  // An optional value stands behind \`=\`; fish offers it there without being told that one must follow.
  const values = value === "none" ? "" : ` ${value === "required" ? "-r" : ""}${valueOf(program, takes)}`;
  return `complete -c ${program} ${condition} ${spelt} -d ${quoted(about)}${values}`.trimEnd();
}

function valueOf(program: string, kind: Kind): string {
  switch (kind.kind) {
    case "words":
      return ` -f -a ${quoted(kind.words.join(" "))}`;
    case "sources":
      return ` -f -a '(__${program}_sources)'`;
    case "files":
      return " -F";
    case "folders":
      return ` -f -a '(__fish_complete_directories)'`;
    case "codes":
    case "contracts":
    case "commands":
    case "anything":
      return " -f";
  }
}

function argumentLines(
  start: string,
  program: string,
  kind: Kind,
  commands: readonly string[],
  codes: readonly CodeLine[],
): readonly string[] {
  switch (kind.kind) {
    case "words":
      return [`${start} -a ${quoted(kind.words.join(" "))}`];
    case "sources":
      return [`${start} -a '(__${program}_sources)'`];
    case "files":
      return [`${start} -F`];
    case "folders":
      return [`${start} -a '(__fish_complete_directories)'`];
    case "codes":
      return codes.map(({ code, about }) => `${start} -a ${code} -d ${quoted(about)}`);
    case "contracts":
      return [`${start} -a '(__${program}_contracts)'`];
    case "commands":
      return [`${start} -a ${quoted(commands.join(" "))}`];
    case "anything":
      return [];
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
