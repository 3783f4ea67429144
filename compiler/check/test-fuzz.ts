/** What fuzz runs add to tests: parameters whose values are made up, and `fuzz`, which makes random calls. */
import type { Block, FuzzStmt, Name, TestDecl } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { FuzzTarget, TestStmt } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { addLocal, findLocal, POISON, report, siteOf, U64 } from "./context.ts";
import type { Body } from "./context.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { resolveType } from "./resolve-type.ts";
import type { TestState } from "./test-words.ts";

/** Random calls of one statement: more of them find nothing that more runs don't find. */
export const MAX_FUZZ_CALLS = 10_000;

export function checkTestParams(body: Body, node: TestDecl): void {
  for (const param of node.params) {
    if (param.indexed) report(body, "E0410", param.span, { what: "`indexed`", where: "on a parameter that isn't an event's" });
    const type = resolveType(body, param.type, "param");
    const handle = handleIn(type);
    if (handle !== undefined) report(body, "E0606", param.type.span, { type: showType(handle) });
    addLocal(body, param.name, handle === undefined ? type : POISON, false);
  }
}

/** Nobody can make up a contract: it has to be deployed. */
function handleIn(type: Type): Type | undefined {
  switch (type.kind) {
    case "handle":
      return type;
    case "list":
      return handleIn(type.element);
    case "option":
      return handleIn(type.inner);
    case "struct":
      return firstHandle(type.fields);
    case "tuple":
      return firstHandle(type.elements);
    case "enum":
      return firstHandle(type.payloads.flat());
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "string":
    case "bytes":
    case "map":
    case "sequence":
    case "history":
    case "set":
    case "unit":
    case "poison":
      return undefined;
  }
}

function firstHandle(members: readonly { readonly type: Type }[]): Type | undefined {
  for (const { type } of members) {
    const found = handleIn(type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `block` checks the statements that are run after each call. */
export function checkFuzz(body: Body, state: TestState, node: FuzzStmt, block: (node: Block) => TestStmt[]): TestStmt[] {
  const targets = node.targets.flatMap((name) => checkTarget(body, state, name));
  const calls = checkCalls(body, node);
  const only = node.only.flatMap((name) => checkOnly(body, state, name, targets));
  const checks = node.body === undefined ? [] : block(node.body);
  // One that is wrong was reported; the others aren't enough to go on.
  if (targets.length < node.targets.length) return [];
  return [{ kind: "fuzz", targets, only, calls, body: checks, site: siteOf(body.file, node.span) }];
}

function checkTarget(body: Body, state: TestState, name: Name): FuzzTarget[] {
  const local = findLocal(body, name.text);
  if (local === undefined) {
    const known = body.scopes.flatMap((scope) => [...scope.keys()]);
    unknownName(body, "name", name, known);
    return [];
  }
  const built = local.type.kind === "handle" ? state.byName.get(local.type.name) : undefined;
  if (built === undefined) {
    if (local.type.kind !== "poison") report(body, "E0301", name, { expected: "a deployed contract", found: showType(local.type) });
    return [];
  }
  return [{ name: name.text, local: local.id, contract: built.contract }];
}

function checkOnly(body: Body, state: TestState, name: Name, targets: readonly FuzzTarget[]): string[] {
  const open = targets.flatMap(({ contract }) => [...(state.byName.get(contract.name)?.external.values() ?? [])]);
  const named = open.filter((func) => func.name === name.text);
  if (named.some((func) => func.mutability !== "view")) return [name.text];
  const writers = open.filter((func) => func.mutability !== "view").map((func) => func.name);
  const owner = targets.map(({ contract }) => `\`${contract.name}\``).join(", ");
  if (targets.length > 0) unknownMember(body, owner, "function that writes", name, writers);
  return [];
}

function checkCalls(body: Body, node: FuzzStmt): number | undefined {
  if (node.calls === undefined) return undefined;
  const value = checkAs(body, node.calls, U64);
  if (value.type.kind === "poison") return undefined;
  const known = value.kind === "literal" && value.value.kind === "int" ? value.value.value : undefined;
  if (known === undefined || known < 1n || known > BigInt(MAX_FUZZ_CALLS)) {
    const found = known === undefined ? body.file.tree.text.slice(node.calls.span.start, node.calls.span.end) : String(known);
    report(body, "E0301", node.calls.span, { expected: `a number from 1 to ${MAX_FUZZ_CALLS}`, found });
    return undefined;
  }
  return Number(known);
}
