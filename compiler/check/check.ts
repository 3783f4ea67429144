/**
 * The checker's door: modules in, a typed program or diagnostics out. Runs the steps in order: names, types and constants,
 * signatures, bodies, what follows from all bodies together, tests.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { Reporter } from "../diagnostics/report.ts";
import type { Modules } from "../modules/load.ts";
import type { Func, FuncId, Program } from "../typed/tree.ts";
import { compose, errorDef, eventDef } from "./compose.ts";
import type { Composition } from "./compose.ts";
import { constantOf } from "./constants.ts";
import { funcId, siteOf, typedId } from "./context.ts";
import type { FileScope, ProgramContext } from "./context.ts";
import { buildContract } from "./contracts.ts";
import { declareFiles } from "./declare.ts";
import { checkExpr } from "./expressions.ts";
import { checkFunction, finish, functionSignature } from "./functions.ts";
import type { Draft } from "./functions.ts";
import { checkInterface } from "./interfaces.ts";
import { checkOutward } from "./outward.ts";
import { checkViews, findWriters } from "./purity.ts";
import { checkRecursion } from "./recursion.ts";
import { enumType, structType } from "./resolve-type.ts";
import { checkTests } from "./tests.ts";

export interface CheckResult {
  /** Absent when there are errors. */
  readonly program: Program | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function checkProgram(modules: Pick<Modules, "root" | "files">): CheckResult {
  const reporter = createReporter();
  const context = createContext(declareFiles(modules.files, reporter), reporter);
  const files = inOrder(context, modules.root);
  for (const file of files) resolveItems(context, file);
  // All members are known before any body is checked: errors and functions may be named across contracts.
  const contracts = files.flatMap((file) => composeAll(context, file, "contract"));
  const mixins = files.flatMap((file) => composeAll(context, file, "mixin"));
  const free = files.flatMap((file) => checkFree(context, file));
  const inProgram = [...free, ...contracts.flatMap((composition) => checkBodies(context, composition))];
  const drafts = byId(inProgram);
  const all = new Map([...drafts, ...byId(mixins.flatMap((composition) => checkBodies(context, composition)))]);
  checkRecursion(context, all);
  checkOutward(context, all.values());
  const writers = findWriters(all);
  checkViews(context, all, writers);

  const functions = new Map<FuncId, Func>();
  for (const [id, draft] of drafts) functions.set(id, finish(draft, writers.has(id)));
  const built = contracts.map((composition) => buildContract(context, composition, drafts, functions));
  const root = context.files.get(modules.root);
  const tests = root === undefined ? [] : checkTests(context, root, built, functions);
  const diagnostics = reporter.diagnostics();
  if (root === undefined || reporter.errorCount() > 0) return { program: undefined, diagnostics };
  const program: Program = {
    files: modules.files.map(({ path, text }) => ({ path, text })),
    root: modules.root,
    contracts: built.map(({ contract }) => contract),
    functions,
    tests,
  };
  return { program, diagnostics };
}

function createContext(files: ReadonlyMap<string, FileScope>, reporter: Reporter): ProgramContext {
  let typedIds = 0;
  let funcIds = 0;
  const context: ProgramContext = {
    reporter,
    files,
    structs: new Map(),
    enums: new Map(),
    constants: new Map(),
    resolving: [],
    errors: new Map(),
    events: new Map(),
    free: new Map(),
    flexible: new Map(),
    scopes: new Map(),
    methods: new Map(),
    budget: { copied: 0, parts: 0 },
    constant: (file, node, use) => constantOf(context, file, node, use),
    check: checkExpr,
    nextTypedId: () => typedId(typedIds++),
    nextFuncId: () => funcId(funcIds++),
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

function checkFree(context: ProgramContext, file: FileScope): Draft[] {
  const drafts: Draft[] = [];
  for (const item of file.tree.items) {
    if (item.kind !== "function") continue;
    const signature = context.free.get(item);
    if (signature === undefined) continue;
    if (item.access !== "internal") {
      context.reporter.report("E0410", siteOf(file, item.name), { what: `\`${item.access} fn\``, where: "outside contracts" });
    }
    drafts.push(checkFunction(context, signature, undefined));
  }
  return drafts;
}

/** The file's contracts, or those of its mixins that no contract uses: the others are checked as parts of contracts. */
function composeAll(context: ProgramContext, file: FileScope, kind: "contract" | "mixin"): Composition[] {
  return file.tree.items.flatMap((item) => {
    if (item.kind !== kind || (item.kind !== "contract" && item.kind !== "mixin")) return [];
    return context.scopes.has(item) ? [] : [compose(context, file, item)];
  });
}

function checkBodies(context: ProgramContext, composition: Composition): Draft[] {
  const { functions, invariants, init } = composition;
  return [...functions, ...invariants, ...(init === undefined ? [] : [init])].map(({ signature, view }) =>
    checkFunction(context, signature, view),
  );
}

function byId(drafts: readonly Draft[]): Map<FuncId, Draft> {
  return new Map(drafts.map((draft) => [draft.signature.id, draft]));
}
