/** Which error an expectation names: one of the called contract, of the file, or of another contract in scope. */
import type { ErrorUse } from "../../grammar/ast.ts";
import { abiSignature } from "../core/selector.ts";
import type { ErrorDef, TestCall } from "../typed/tree.ts";
import { report, U256 } from "./context.ts";
import type { Body, Decl } from "./context.ts";
import type { BuiltContract } from "./contracts.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";
import type { TestState } from "./test-words.ts";

/** Errors no contract declares: the runtime itself reverts with them. */
const BUILT_IN: readonly ErrorDef[] = [
  { name: "InsufficientFunds", key: "#InsufficientFunds", params: [{ name: "needed", type: U256 }], doc: "" },
  { name: "SequenceExhausted", key: "#SequenceExhausted", params: [], doc: "" },
  { name: "Reentrancy", key: "#Reentrancy", params: [], doc: "" },
  { name: "CallTooDeep", key: "#CallTooDeep", params: [], doc: "" },
  { name: "DynamicTicket", key: "#DynamicTicket", params: [], doc: "" },
  { name: "OutOfGas", key: "#OutOfGas", params: [], doc: "" },
  // What checked operations fail with, as Solidity's do.
  { name: "Panic", key: "#Panic", params: [{ name: "code", type: U256 }], doc: "" },
];

export function findTestError(body: Body, state: TestState, use: ErrorUse, call: TestCall | undefined): ErrorDef | undefined {
  const { name, qualifier } = use;
  if (qualifier !== undefined) return findQualified(body, state, use);
  const target = call === undefined ? undefined : calledContract(state, call);
  const own = target?.contract.errors.find((error) => error.name === name.text);
  if (own !== undefined) return own;
  const decl = body.file.names.get(name.text);
  if (decl?.kind === "poison") return undefined;
  if (decl?.kind === "error") return body.program.errors.get(decl.node);
  const inScope = contractsInScope(body, state);
  const found = new Map<string, { readonly error: ErrorDef; readonly owner: string }>();
  for (const { contract } of inScope) {
    for (const error of contract.errors) {
      // The same error under two names, or two that look the same from outside, are one to a test.
      if (error.name === name.text) found.set(signatureOf(error), found.get(signatureOf(error)) ?? { error, owner: contract.name });
    }
  }
  const [first, ...others] = found.values();
  if (others.length > 0) {
    const owners = [first, ...others].map(({ owner }) => `\`${owner}\``).join(" and ");
    report(body, "E0208", name, { name: name.text, owners });
    return undefined;
  }
  const builtIn = BUILT_IN.find((error) => error.name === name.text);
  if (found.size > 0) return first.error;
  if (builtIn !== undefined) return builtIn;
  if (decl !== undefined) report(body, "E0210", name, { name: name.text, found: showDecl(decl), expected: "an error" });
  else
    unknownName(body, "error", name, [
      ...inScope.flatMap(({ contract }) => contract.errors.map((error) => error.name)),
      ...BUILT_IN.map((error) => error.name),
    ]);
  return undefined;
}

function findQualified(body: Body, state: TestState, use: ErrorUse): ErrorDef | undefined {
  const { name, qualifier } = use;
  if (qualifier === undefined) return undefined;
  const decl = body.file.names.get(qualifier.text);
  if (decl?.kind === "poison") return undefined;
  if (decl?.kind !== "contract" && decl?.kind !== "mixin") {
    if (decl !== undefined) {
      report(body, "E0210", qualifier, { name: qualifier.text, found: showDecl(decl), expected: "a contract" });
      return undefined;
    }
    const known = contractsInScope(body, state).map(({ contract }) => contract.name);
    unknownName(body, "contract", qualifier, known);
    return undefined;
  }
  const errors = new Map(errorsOf(body, state, decl).map((error) => [error.name, error]));
  const error = errors.get(name.text);
  if (error === undefined) unknownMember(body, `${decl.kind} \`${qualifier.text}\``, "error", name, errors.keys());
  return error;
}

/** Of a contract all that it can revert with, of a mixin those it declares. */
function errorsOf(body: Body, state: TestState, decl: Extract<Decl, { kind: "contract" | "mixin" }>): readonly ErrorDef[] {
  if (decl.kind === "contract") return state.byDecl.get(decl.node)?.contract.errors ?? [];
  return [...(body.program.scopes.get(decl.node)?.errors.values() ?? [])];
}

function calledContract(state: TestState, call: TestCall): BuiltContract | undefined {
  if (call.target.kind === "deploy") return state.byName.get(call.target.contract.name);
  const { type } = call.target.handle;
  return type.kind === "handle" ? state.byName.get(type.name) : undefined;
}

function contractsInScope(body: Body, state: TestState): BuiltContract[] {
  return [...body.file.names.values()].flatMap((decl) => {
    const built = decl.kind === "contract" ? state.byDecl.get(decl.node) : undefined;
    return built === undefined ? [] : [built];
  });
}

function signatureOf(error: ErrorDef): string {
  const types = error.params.map((param) => param.type);
  return types.some((type) => type.kind === "poison") ? error.key : abiSignature(error.name, types);
}
