/** Completions for zsh, by its own `_arguments`. */
import type { Kind, Shape, ShapedArgument, ShapedCommand, ShapedOption } from "./shape.ts";

export interface CodeLine {
  readonly code: string;
  readonly about: string;
}

export function zshCompletions({ name, options, commands }: Shape, codes: readonly CodeLine[]): string {
  return `#compdef ${name}
# Completions of ${name} for zsh. Add to ~/.zshrc, below compinit:  source <(${name} completions zsh)

__${name}_commands() {
  local -a commands
  commands=(
${commands.map((command) => `    ${quoted(`${command.name}:${command.about.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  _describe -t commands command commands
}

__${name}_codes() {
  local -a codes
  codes=(
${codes.map(({ code, about }) => `    ${quoted(`${code}:${about.replaceAll("\\", "\\\\").replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  _describe -t codes code codes
}

# Of the source file before the word.
__${name}_contracts() {
  local -a names
  [[ -f $words[CURRENT-1] ]] && names=(\${(f)"$(sed -nE 's/^[[:space:]]*contract[[:space:]]+([A-Za-z_][A-Za-z0-9_]*).*/\\1/p' -- $words[CURRENT-1] 2>/dev/null)"})
  compadd -a names
}

_${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C -S ${options.map(optionSpec).join(" ")} '1: :__${name}_commands' '*:: :->arguments'
  [[ $state == arguments ]] || return
  case $words[1] in
${commands.map((command) => commandCase(name, command)).join("\n")}
  esac
}

if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function commandCase(program: string, { name, options, arguments: places }: ShapedCommand): string {
  const specs = [...options.map(optionSpec), ...places.map((place, index) => argumentSpec(program, place, index))];
  return `    ${name})
      _arguments -S \\
${specs.map((spec) => `        ${spec}`).join(" \\\n")} ;;`;
}

/** \`'(-o --out)'{-o,--out}'[about]:dir:_files -/'\` */
function optionSpec({ names, about, value, label, takes }: ShapedOption): string {
  const rest = `[${inSpec(about)}]${value === "none" ? "" : `:${value === "optional" ? ":" : ""}${inSpec(label)}:${action("weft", takes)}`}`;
  // \`--out=dir\` and \`--out dir\`; an optional value stands behind \`=\` only.
  const spelt = names.map((each) => `${each}${value === "none" ? "" : value === "optional" ? "=-" : each.startsWith("--") ? "=" : "+"}`);
  if (names.length === 1) return quoted(`${spelt[0]}${rest}`);
  return `${quoted(`(${names.join(" ")})`)}{${spelt.join(",")}}${quoted(rest)}`;
}

function argumentSpec(program: string, { name, takes, repeats }: ShapedArgument, index: number): string {
  return quoted(`${repeats ? "*" : String(index + 1)}:${inSpec(name)}:${action(program, takes)}`);
}

function action(program: string, kind: Kind): string {
  switch (kind.kind) {
    case "words":
      return `(${kind.words.join(" ")})`;
    case "sources":
      return '_files -g "*.weft(-.)"';
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "codes":
      return `__${program}_codes`;
    case "contracts":
      return `__${program}_contracts`;
    case "commands":
      return `__${program}_commands`;
    case "anything":
      return " ";
  }
}

function inSpec(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, (char) => `\\${char}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
