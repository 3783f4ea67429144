/** Pieces of programs to be filled in. */

export interface Snippet {
  readonly label: string;
  readonly detail: string;
  readonly text: string;
}

export const SNIPPETS = {
  item: [
    { label: "contract", detail: "a contract", text: "contract ${1:Name} {\n  state ${2:total}: ${3:u256};\n\n  $0\n}" },
    { label: "test", detail: "a test", text: 'test "${1:what it shows}" {\n  let ${2:it} = deploy ${3:Name}();\n  $0\n}' },
    { label: "import", detail: "an import", text: 'import { $0 } from "${1:./file.weft}";' },
    { label: "mixin", detail: "a mixin", text: "mixin ${1:Name} {\n  $0\n}" },
  ],
  member: [
    { label: "pub fn", detail: "a function that is called from outside", text: "pub fn ${1:name}($2) {\n  $0\n}" },
    { label: "view fn", detail: "a function that only reads", text: "view fn ${1:name}($2) -> ${3:u256} {\n  return $0;\n}" },
    { label: "map", detail: "state with an entry for every key", text: "state ${1:balances}: map<${2:address}, ${3:u256}>;$0" },
  ],
  statement: [
    { label: "require", detail: "a check", text: "require ${1:condition} else ${2:Error}($3);$0" },
    { label: "if let", detail: "when an option holds a value", text: "if let some(${1:value}) = ${2:option} {\n  $0\n}" },
    { label: "for", detail: "a loop over a range", text: "for ${1:i} in ${2:0}..${3:10} {\n  $0\n}" },
  ],
  test: [
    { label: "expect revert", detail: "a call that fails", text: "expect ${1:call} revert ${2:Error}($3);$0" },
    { label: "expect emit", detail: "a call with its events", text: "expect ${1:call} emit ${2:Event}($3);$0" },
  ],
} as const satisfies Record<string, readonly Snippet[]>;

export function memberSnippets(container: string): readonly Snippet[] {
  if (container === "") return [];
  return [
    {
      label: "parallel",
      detail: "an assertion of independence",
      text: "parallel (a: ${1:left}, b: ${2:right})${3: when a.caller != b.caller};$0",
    },
  ];
}
