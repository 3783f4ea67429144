/**
 * The checker's door: modules in, a typed program or diagnostics out. Runs the steps in order: names, types and constants,
 * signatures, bodies, what follows from all bodies together, tests.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { Modules } from "../modules/load.ts";
import type { Func, FuncId, Program, Test } from "../typed/tree.ts";
import { compose, errorDef, eventDef } from "./compose.ts";
import type { Composition } from "./compose.ts";
import { constantOf } from "./constants.ts";
import { siteOf } from "./context.ts";
import type { FileScope, MemberScope, ProgramContext, Signature } from "./context.ts";
import { buildContract } from "./contracts.ts";
import type { BuiltContract } from "./contracts.ts";
import { declareFiles } from "./declare.ts";
import { checkExpr } from "./expressions.ts";
import { checkFunction, finish, functionSignature } from "./functions.ts";
import type { Draft } from "./functions.ts";
import { checkInterface } from "./interfaces.ts";
import { checkOutward } from "./outward.ts";
import { checkViews, findWriters } from "./purity.ts";
import { checkRecursion } from "./recursion.ts";
import { plainIdentities } from "./identities.ts";
import { enumType, structType } from "./resolve-type.ts";
import { checkTests } from "./tests.ts";

export interface CheckResult {
  /** Absent when there are errors. */
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function checkProgram(modules: Pick<Modules, "root" | "files">): CheckResult {
  const reporter = createReporter();
  const declared = declareProgram(modules, { reporter, observer: undefined, identities: plainIdentities() });
  const { context } = declared;
  const drafts = new Map(declared.units.map((unit) => [unit.signature.id, checkUnit(context, unit)]));
  const writers = checkTogether(context, drafts);
  const functions = new Map<FuncId, Func>();
  for (const { signature, inProgram } of declared.units) {
    const draft = drafts.get(signature.id);
    if (inProgram && draft !== undefined) functions.set(signature.id, finish(draft, writers.has(signature.id)));
  }
  const built = declared.contracts.map((composition) => buildContract(context, composition, drafts, functions));
  const root = context.files.get(modules.root);
  const tests = root === undefined ? [] : checkTests(context, root, built, functions);
  const diagnostics = reporter.diagnostics();
  if (root === undefined || reporter.errorCount() > 0) return { program: undefined, diagnostics };
  return { program: programOf(modules, built, functions, tests), diagnostics };
}

/** A body to be checked, with the members it sees. Those of mixins that no contract uses are checked, but are no part of the program. */
export interface Unit {
  readonly signature: Signature;
  readonly view: MemberScope | undefined;
  readonly inProgram: boolean;
}

/** All that is known before any body is checked. */
export interface Declared {
  readonly context: ProgramContext;
  readonly contracts: readonly Composition[];
  /** In the order in which they are checked. */
  readonly units: readonly Unit[];
}

/** Where a check reports to, who hears of it, and what numbers things. */
export type Surroundings = Pick<ProgramContext, "reporter" | "observer" | "identities">;

export function declareProgram(modules: Pick<Modules, "root" | "files">, surroundings: Surroundings): Declared {
  const context = createContext(declareFiles(modules.files, surroundings.reporter), surroundings);
  const files = inOrder(context, modules.root);
  for (const file of files) resolveItems(context, file);
  // All members are known before any body is checked: errors and functions may be named across contracts.
  const contracts = files.flatMap((file) => composeAll(context, file, "contract"));
  const mixins = files.flatMap((file) => composeAll(context, file, "mixin"));
  const free = files.flatMap((file) => freeUnits(context, file));
  const units = [
    ...free,
    ...contracts.flatMap((composition) => unitsOf(composition, true)),
    ...mixins.flatMap((composition) => unitsOf(composition, false)),
  ];
  return { context, contracts, units };
}

export function checkUnit(context: ProgramContext, { signature, view }: Unit): Draft {
  const { node, file, role } = signature;
  if (role === "free" && node.kind === "function" && node.access !== "internal")
    context.reporter.report("E0410", siteOf(file, node.name), { what: `\`${node.access} fn\``, where: "outside contracts" });
  return checkFunction(context, signature, view);
}

/** What follows from all bodies together; gives the functions that write. */
export function checkTogether(context: ProgramContext, drafts: ReadonlyMap<FuncId, Draft>): ReturnType<typeof findWriters> {
  checkRecursion(context, drafts);
  checkOutward(context, drafts.values());
  const writers = findWriters(drafts);
  checkViews(context, drafts, writers);
  return writers;
}

export function programOf(
  modules: Pick<Modules, "root" | "files">,
  built: readonly BuiltContract[],
  functions: ReadonlyMap<FuncId, Func>,
  tests: readonly Test[],
): Program {
  return {
    files: modules.files.map(({ path, text }) => ({ path, text })),
    root: modules.root,
    contracts: built.map(({ contract }) => contract),
    functions,
    tests,
  };
}

function createContext(files: ReadonlyMap<string, FileScope>, surroundings: Surroundings): ProgramContext {
  const context: ProgramContext = {
    ...surroundings,
    files,
    structs: new Map(),
    enums: new Map(),
    constants: new Map(),
    resolving: [],
    errors: new Map(),
    events: new Map(),
    free: new Map(),
    flexible: new WeakMap(),
    scopes: new Map(),
    methods: new Map(),
    budget: { copied: 0, parts: 0 },
    constant: (file, node, use) => constantOf(context, file, node, use),
    check: checkExpr,
    nextTypedId: surroundings.identities.typed,
  };
  return context;
}

/** The root first, then the others by path. */
function inOrder(context: ProgramContext, root: string): readonly FileScope[] {
  const first = context.files.get(root);
  const others = [...context.files.values()].filter((file) => file !== first);
  return first === undefined ? others : [first, ...others];
}

function resolveItems(context: ProgramContext, file: FileScope): void {
  for (const item of file.tree.items) {
    switch (item.kind) {
      case "const":
        constantOf(context, file, item, item.name);
        break;
      case "struct":
        structType(context, file, item, item.name);
        break;
      case "enum":
        enumType(context, file, item);
        break;
      case "error":
        errorDef(context, file, item, undefined);
        break;
      case "event":
        eventDef(context, file, item, undefined);
        break;
      case "interface":
        checkInterface(context, file, item);
        break;
      case "function":
        context.free.set(item, functionSignature(context, file, item, undefined));
        break;
      case "import":
      case "contract":
      case "mixin":
      case "test":
        break;
    }
  }
}

function freeUnits(context: ProgramContext, file: FileScope): Unit[] {
  return file.tree.items.flatMap((item) => {
    const signature = item.kind === "function" ? context.free.get(item) : undefined;
    return signature === undefined ? [] : [{ signature, view: undefined, inProgram: true }];
  });
}

/** The file's contracts, or those of its mixins that no contract uses: the others are checked as parts of contracts. */
function composeAll(context: ProgramContext, file: FileScope, kind: "contract" | "mixin"): Composition[] {
  return file.tree.items.flatMap((item) => {
    if (item.kind !== kind || (item.kind !== "contract" && item.kind !== "mixin")) return [];
    return context.scopes.has(item) ? [] : [compose(context, file, item)];
  });
}

function unitsOf({ functions, invariants, init }: Composition, inProgram: boolean): Unit[] {
  return [...functions, ...invariants, ...(init === undefined ? [] : [init])].map((unit) => ({ ...unit, inProgram }));
}
