/**
 * Tests that nobody wrote: for each contract with invariants whose `init` takes plain values, one that deploys it with made-up arguments and makes random calls.
 */
import { outsideAbi } from "../../../compiler/core/members.ts";
import type { Type } from "../../../compiler/core/types.ts";
import type { Contract, LocalId, Local, Program, Site, Test, TestCall, TestExpr, TestStmt } from "../../../compiler/typed/tree.ts";
import { openFunctions } from "./player.ts";

export interface AutomaticTest {
  readonly contract: Contract;
  readonly test: Test;
  /** What the test would look like: places of its random calls are offsets in there. */
  readonly text: string;
}

export interface Skipped {
  readonly contract: string;
  readonly reason: string;
}

const ADDRESS: Type = { kind: "address" };
const U256: Type = { kind: "int", signed: false, bits: 256 };

/** Contracts of the root file only: those of other files are tried where they are declared. */
export function automaticTests(program: Program): { readonly tests: readonly AutomaticTest[]; readonly skipped: readonly Skipped[] } {
  const tests: AutomaticTest[] = [];
  const skipped: Skipped[] = [];
  const played = new Set(
    program.tests.flatMap(({ body }) =>
      body.flatMap((stmt) => (stmt.kind === "fuzz" ? stmt.targets.map(({ contract }) => contract.name) : [])),
    ),
  );
  for (const contract of program.contracts) {
    const init = program.functions.get(contract.init);
    if (contract.site.path !== program.root || contract.invariants.length === 0 || init === undefined) continue;
    const target = { name: handleName(contract, init.params), local: localId(init.params.length + 1), contract };
    if (openFunctions(program, { targets: [target], only: [] }).length === 0) continue;
    const handle = init.params.find((param) => takesContract(param.type));
    if (handle === undefined) tests.push(automaticTest(contract, target, init.params, init.mutability === "payable"));
    else if (!played.has(contract.name))
      skipped.push({ contract: contract.name, reason: `its \`init\` takes a contract, \`${handle.name}\`` });
  }
  return { tests, skipped };
}

/** A name that no parameter has. */
function handleName({ name }: Contract, params: readonly Local[]): string {
  let wish = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
  while (params.some((param) => param.name === wish) || wish === name || KEYWORDS.has(wish)) wish += "It";
  return wish;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "import const struct enum interface mixin contract fn pub view payable guard self let var if else match return for in require revert emit delete true false none some uses implements " +
    "with as balance"
  ).split(" "),
);

function automaticTest(
  contract: Contract,
  target: Extract<TestStmt, { kind: "fuzz" }>["targets"][number],
  params: readonly Local[],
  pays: boolean,
): AutomaticTest {
  const { site } = contract;
  const local = (param: Local): TestExpr => ({ kind: "pure", expr: { kind: "local", local: param.id }, type: param.type, site });
  const coin: Local = { id: localId(params.length), name: coinName(params), type: U256, mutable: false, site };
  const all = pays ? [...params, coin] : params;
  const type: Type = { kind: "handle", name: contract.name };
  const call: TestCall = {
    target: { kind: "deploy", contract },
    args: params.map(local),
    from: { kind: "account", name: "alice", type: ADDRESS, site },
    value: pays ? local(coin) : undefined,
    ...{ type, site },
  };
  const args = params.map((param) => param.name).join(", ");
  const begin = `{\n  let ${target.name} = deploy ${contract.name}(${args}) as @alice${pays ? ` value ${coin.name}` : ""};\n  `;
  const fuzz = `fuzz ${target.name};`;
  const text = `${begin}${fuzz}\n}`;
  const within = (start: number, end: number): Site => ({ path: site.path, span: { start, end } });
  const body: TestStmt[] = [
    { kind: "let", locals: [target.local], destructure: false, value: { kind: "call", call, type, site }, site },
    { kind: "fuzz", targets: [target], only: [], calls: undefined, body: [], site: within(begin.length, begin.length + fuzz.length) },
  ];
  const handle: Local = { id: target.local, name: target.name, type, mutable: false, site };
  const title = `invariants of ${contract.name}`;
  return { contract, text, test: { title, site, bodySite: within(0, text.length), params: all, locals: [...params, coin, handle], body } };
}

function coinName(params: readonly Local[]): string {
  let wish = "coin";
  while (params.some((param) => param.name === wish)) wish += "s";
  return wish;
}

function takesContract(type: Type): boolean {
  if (outsideAbi(type) !== undefined) return true;
  switch (type.kind) {
    case "handle":
      return true;
    case "list":
      return takesContract(type.element);
    case "struct":
      return type.fields.some((field) => takesContract(field.type));
    case "tuple":
      return type.elements.some((element) => takesContract(element.type));
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "string":
    case "bytes":
    case "map":
    case "set":
    case "sequence":
    case "history":
    case "option":
    case "enum":
    case "unit":
    case "poison":
      return false;
  }
}

function localId(index: number): LocalId {
  return index as LocalId;
}
