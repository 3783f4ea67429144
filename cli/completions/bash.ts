/** Completions for bash, 3.2 and later, without the bash-completion package. */
import type { Kind, Shape, ShapedCommand, ShapedOption } from "./shape.ts";

export function bashCompletions(shape: Shape, codes: readonly string[]): string {
  const { name, commands } = shape;
  const words = commands.map((command) => command.name).join(" ");
  return `# Completions of ${name} for bash. Add to ~/.bashrc:  source <(${name} completions bash)

# What stands at a place, into COMPREPLY: $1 its kind, $2 what is typed of it, $3 the file before it.
__${name}_reply() {
  local line
  case "$1" in
    words:*) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "\${1#words:}" -- "$2") ;;
    codes) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "${codes.join(" ")}" -- "$(tr '[:lower:]' '[:upper:]' <<<"$2")") ;;
    contracts)
      [[ -f $3 ]] && while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$(sed -nE 's/^[[:space:]]*contract[[:space:]]+([A-Za-z_][A-Za-z0-9_]*).*/\\1/p' -- "$3" 2>/dev/null)" -- "$2") ;;
    sources|files|folders)
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$2")
      if [[ $1 == sources ]]; then
        while IFS= read -r line; do [[ $line == *.weft && ! -d $line ]] && COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
      elif [[ $1 == files ]]; then
        while IFS= read -r line; do [[ ! -d $line ]] && COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
      fi ;;
  esac
}

# The kind of the value of an option; empty if it has none. $1 the command, $2 the option.
__${name}_value() {
  case "$1 $2" in
${[{ name: "", options: shape.options }, ...commands].flatMap(({ name: command, options }) => options.flatMap((option) => valueCase(command, option))).join("\n")}
  esac
}

# The kind of an argument. $1 the command, $2 its number.
__${name}_argument() {
  case "$1 $2" in
${commands.flatMap((command) => argumentCases(command, words)).join("\n")}
  esac
}

__${name}_options() {
  case "$1" in
    "") echo "${namesOf(shape.options)}" ;;
${commands.map((command) => `    ${command.name}) echo "${namesOf(command.options)}" ;;`).join("\n")}
  esac
}

_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" last=$((COMP_CWORD - 1)) command="" number=0 file="" option="" word i kind
  COMPREPLY=()
  # Bash takes \`=\` for a word of its own.
  if [[ $cur == "=" ]]; then cur=""; option="\${COMP_WORDS[last]}"
  elif [[ $last -gt 0 && \${COMP_WORDS[last]} == "=" ]]; then option="\${COMP_WORDS[last - 1]}"; last=$((last - 1))
  fi
  for ((i = 1; i <= last; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ $word == "=" ]]; then i=$((i + 1)); continue; fi
    if [[ $word == -* ]]; then
      kind="$(__${name}_value "$command" "$word")"
      # An optional value stands behind \`=\` only.
      if [[ -n $kind && $kind != optional:* && \${COMP_WORDS[i + 1]} != "=" ]]; then
        if [[ $i -eq $last ]]; then option="$word"; fi
        i=$((i + 1))
      fi
    elif [[ -z $command ]]; then command="$word"
    else number=$((number + 1)); file="$word"
    fi
  done
  if [[ -n $option ]]; then
    kind="$(__${name}_value "$command" "$option")"
    __${name}_reply "\${kind#optional:}" "$cur" "$file"
  elif [[ $cur == -* ]]; then __${name}_reply "words:$(__${name}_options "$command")" "$cur"
  elif [[ -z $command ]]; then __${name}_reply "words:${words}" "$cur"
  else __${name}_reply "$(__${name}_argument "$command" "$number")" "$cur" "$file"
  fi
}

complete -F _${name} ${name}
`;
}

function namesOf(options: readonly ShapedOption[]): string {
  return options.flatMap(({ names }) => names.filter((name) => name.startsWith("--"))).join(" ");
}

function valueCase(command: string, { names, value, takes }: ShapedOption): readonly string[] {
  if (value === "none") return [];
  const kind = kindText(takes, "");
  return [`    ${names.map((name) => `"${command} ${name}"`).join(" | ")}) echo "${value === "optional" ? `optional:${kind}` : kind}" ;;`];
}

function argumentCases({ name, arguments: places }: ShapedCommand, commands: string): readonly string[] {
  return places.flatMap(({ takes, repeats }, index) => {
    const kind = kindText(takes, commands);
    return takes.kind === "anything" ? [] : [`    "${name} "${repeats ? "*" : String(index)}) echo "${kind}" ;;`];
  });
}

function kindText(kind: Kind, commands: string): string {
  return kind.kind === "words" ? `words:${kind.words.join(" ")}` : kind.kind === "commands" ? `words:${commands}` : kind.kind;
}
