/**
 * Builds the contracts of the tree once all bodies are checked: `init`, getters, the list of external functions, events and errors in
 * use, independence assertions.
 */
import type { ContractDecl, MixinDecl } from "../../grammar/ast.ts";
import type { Contract, ErrorDef, EventDef, Expr, Field, Func, FuncId, ParallelClaim, Stmt } from "../typed/tree.ts";
import type { Composition } from "./compose.ts";
import { siteOf } from "./context.ts";
import type { ProgramContext } from "./context.ts";
import { emptyInit } from "./functions.ts";
import type { Draft } from "./functions.ts";
import { getterOf } from "./getters.ts";
import { checkImmutables } from "./immutables.ts";
import { checkImplements, checkSelectors } from "./interfaces.ts";
import { checkParallel } from "./parallels.ts";

export interface BuiltContract {
  readonly decl: ContractDecl | MixinDecl;
  readonly contract: Contract;
  /** Functions open to callers, getters included, by name. */
  readonly external: ReadonlyMap<string, Func>;
  /** State whose type is wrong: it has no getter, and that isn't a further mistake. */
  readonly broken: ReadonlySet<string>;
}

/** Adds the functions it makes itself to `functions`. */
export function buildContract(
  program: ProgramContext,
  composition: Composition,
  drafts: ReadonlyMap<FuncId, Draft>,
  functions: Map<FuncId, Func>,
): BuiltContract {
  const { decl, file, scope, fields } = composition;
  const init = buildInit(program, composition, functions);
  checkImmutables(program, fields, init.body, { path: init.site.path, span: init.nameSite.span }, composition.init !== undefined);
  const external = externalFunctions(program, composition, functions);
  const byName = new Map(external.map((func) => [func.name, func]));
  checkSelectors(program, external);
  if (decl.kind === "contract") checkImplements(program, file, decl, external);
  const broken = new Set(fields.filter((field) => field.type.kind === "poison").map((field) => field.name));
  const parallels = composition.parallels.flatMap((claim): ParallelClaim[] => {
    if (broken.has(claim.node.left.target.text) || broken.has(claim.node.right.target.text)) return [];
    const checked = checkParallel(program, claim.file, scope, claim.node, byName);
    return checked === undefined ? [] : [checked];
  });
  const used = usedBy(composition, drafts);
  const contract: Contract = {
    name: decl.name.text,
    doc: decl.doc,
    site: siteOf(file, decl.name),
    fields,
    init: init.id,
    external: external.map((func) => func.id),
    events: [...new Set([...scope.events.values(), ...used.events])],
    errors: [...new Set([...scope.errors.values(), ...used.errors])],
    parallels,
    invariants: composition.invariants.map(({ signature }) => signature.id),
  };
  return { decl, contract, external: byName, broken };
}

function buildInit(program: ProgramContext, composition: Composition, functions: Map<FuncId, Func>): Func {
  const own = composition.init === undefined ? undefined : functions.get(composition.init.signature.id);
  const init = own ?? emptyInit(program, composition.decl.name.text, siteOf(composition.file, composition.decl.name));
  const complete = {
    ...init,
    body: [...composition.fields.flatMap((field) => storeOfInitial(program, field, composition.initials.get(field))), ...init.body],
  };
  functions.set(init.id, complete);
  return complete;
}

/** `state level: i64 = 5;` is a store at the start of `init`, for all that comes after the checker. */
function storeOfInitial(program: ProgramContext, field: Field, value: Expr | undefined): Stmt[] {
  if (value === undefined) return [];
  const { site } = field;
  const type = field.type.kind === "history" ? field.type.value : field.type;
  return [{ id: program.nextTypedId(), site, kind: "store", place: { field, keys: [], path: [], type, site }, value }];
}

function externalFunctions(program: ProgramContext, composition: Composition, functions: Map<FuncId, Func>): Func[] {
  const external: Func[] = [];
  for (const { signature } of composition.functions) {
    const func = functions.get(signature.id);
    if (func?.role === "external") external.push(func);
  }
  for (const field of composition.fields) {
    if (composition.scope.functions.has(field.name)) continue;
    const getter = getterOf(program, composition.decl.name.text, field);
    if (getter === undefined) continue;
    functions.set(getter.id, getter);
    external.push(getter);
  }
  return external;
}

interface Used {
  readonly errors: ReadonlySet<ErrorDef>;
  readonly events: ReadonlySet<EventDef>;
}

/** What its functions emit and revert with, free functions they call included, in order of first use. */
function usedBy(composition: Composition, drafts: ReadonlyMap<FuncId, Draft>): Used {
  const errors = new Set<ErrorDef>();
  const events = new Set<EventDef>();
  const init = composition.init === undefined ? [] : [composition.init];
  const reached = new Set([...init, ...composition.functions, ...composition.invariants].map(({ signature }) => signature.id));
  // The set grows while it is walked, by the functions outside the contract that it calls.
  for (const id of reached) {
    const facts = drafts.get(id)?.facts;
    for (const error of facts?.errors ?? []) errors.add(error);
    for (const event of facts?.events ?? []) events.add(event);
    for (const { callee } of facts?.calls ?? []) reached.add(callee);
  }
  return { errors, events };
}
