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
    ...places.flatMap(({ takes }) => argumentLines(`complete -c ${program} ${here}`, program, takes, all, codes)),
  ];
}

function optionLine(program: string, condition: string, { names, about, value, takes }: ShapedOption): string {
  const spelt = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(" ");
  // An optional value stands behind \`=\`; fish offers it there without being told that one must follow.
  const values = value === "none" ? "" : ` ${value === "required" ? "-r" : ""}${valueOf(takes)}`;
  return `complete -c ${program} ${condition} ${spelt} -d ${quoted(about)}${values}`.trimEnd();
}

function valueOf(kind: Kind): string {
  switch (kind.kind) {
    case "words":
      return ` -f -a ${quoted(kind.words.join(" "))}`;
    case "sources":
      return ` -f -a '(__fish_complete_suffix .weft)'`;
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

function argumentLines(start: string, program: string, kind: Kind, commands: readonly string[], codes: readonly CodeLine[]): readonly string[] {
  switch (kind.kind) {
    case "words":
      return [`${start} -a ${quoted(kind.words.join(" "))}`];
    case "sources":
      return [`${start} -a '(__fish_complete_suffix .weft)'`];
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
