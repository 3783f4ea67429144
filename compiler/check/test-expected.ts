/** Which error or event an expectation names: one of the called contract, of the file, or of another contract in scope. */
import type { ErrorUse, EventUse, Name } from "../../grammar/ast.ts";
import { abiSignature } from "../core/selector.ts";
import type { ErrorDef, EventDef, Param, TestCall } from "../typed/tree.ts";
import { report, U256 } from "./context.ts";
import type { Body, Decl, MemberScope } from "./context.ts";
import type { BuiltContract } from "./contracts.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";
import type { TestState } from "./test-words.ts";

/** Errors no contract declares: the runtime itself reverts with them. */
export const BUILT_IN: readonly ErrorDef[] = [
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
  return findExpected(body, state, use, call, ERRORS);
}

export function findTestEvent(body: Body, state: TestState, use: EventUse, call: TestCall | undefined): EventDef | undefined {
  return findExpected(body, state, use, call, EVENTS);
}

interface Declared {
  readonly name: string;
  readonly key: string;
  readonly params: readonly Param[];
}

/** How the one kind is found, and how the other. */
interface Kind<Def> {
  readonly what: "error" | "event";
  readonly of: (built: BuiltContract) => readonly Def[];
  readonly within: (scope: MemberScope) => Iterable<Def>;
  readonly atTop: (body: Body, decl: Decl) => Def | undefined;
  readonly builtIn: readonly Def[];
}

const ERRORS: Kind<ErrorDef> = {
  what: "error",
  of: ({ contract }) => contract.errors,
  within: (scope) => scope.errors.values(),
  atTop: (body, decl) => (decl.kind === "error" ? body.program.errors.get(decl.node) : undefined),
  builtIn: BUILT_IN,
};

const EVENTS: Kind<EventDef> = {
  what: "event",
  of: ({ contract }) => contract.events,
  within: (scope) => scope.events.values(),
  atTop: (body, decl) => (decl.kind === "event" ? body.program.events.get(decl.node) : undefined),
  builtIn: [],
};

function findExpected<Def extends Declared>(
  body: Body,
  state: TestState,
  use: ErrorUse | EventUse,
  call: TestCall | undefined,
  kind: Kind<Def>,
): Def | undefined {
  const { name, qualifier } = use;
  if (qualifier !== undefined) return findQualified(body, state, qualifier, use, kind);
  const target = call === undefined ? undefined : calledContract(state, call);
  const own = target === undefined ? undefined : kind.of(target).find((each) => each.name === name.text);
  if (own !== undefined) return own;
  const decl = body.file.names.get(name.text);
  if (decl?.kind === "poison") return undefined;
  if (decl?.kind === kind.what) return kind.atTop(body, decl);
  const inScope = contractsInScope(body, state);
  const found = new Map<string, { readonly def: Def; readonly owner: string }>();
  for (const built of inScope) {
    for (const def of kind.of(built)) {
      // The same one under two names, or two that look the same from outside, are one to a test.
      if (def.name === name.text) found.set(signatureOf(def), found.get(signatureOf(def)) ?? { def, owner: built.contract.name });
    }
  }
  const [first, ...others] = found.values();
  if (others.length > 0) {
    const owners = [first, ...others].map(({ owner }) => `\`${owner}\``).join(" and ");
    report(body, "E0208", name, { name: name.text, owners });
    return undefined;
  }
  const builtIn = kind.builtIn.find((def) => def.name === name.text);
  if (found.size > 0) return first.def;
  if (builtIn !== undefined) return builtIn;
  if (decl !== undefined) report(body, "E0210", name, { name: name.text, found: showDecl(decl), expected: `an ${kind.what}` });
  else {
    const known = [...inScope.flatMap((built) => kind.of(built)), ...kind.builtIn];
    unknownName(
      body,
      kind.what,
      name,
      known.map((def) => def.name),
    );
  }
  return undefined;
}

function findQualified<Def extends Declared>(
  body: Body,
  state: TestState,
  qualifier: Name,
  { name }: ErrorUse | EventUse,
  kind: Kind<Def>,
): Def | undefined {
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
  const all = new Map(declaredIn(body, state, decl, kind).map((def) => [def.name, def]));
  const def = all.get(name.text);
  if (def === undefined) unknownMember(body, `${decl.kind} \`${qualifier.text}\``, kind.what, name, all.keys());
  return def;
}

/** Of a contract all that it can revert with or log, of a mixin those it declares. */
function declaredIn<Def>(
  body: Body,
  state: TestState,
  decl: Extract<Decl, { kind: "contract" | "mixin" }>,
  kind: Kind<Def>,
): readonly Def[] {
  if (decl.kind === "contract") {
    const built = state.byDecl.get(decl.node);
    return built === undefined ? [] : kind.of(built);
  }
  const scope = body.program.scopes.get(decl.node);
  return scope === undefined ? [] : [...kind.within(scope)];
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

function signatureOf({ name, key, params }: Declared): string {
  const types = params.map((param) => param.type);
  return types.some((type) => type.kind === "poison") ? key : abiSignature(name, types);
}
