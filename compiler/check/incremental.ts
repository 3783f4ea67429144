/**
 * The checker for an editor: it remembers a program and checks again only what an edit can have changed. Declarations are gone through anew each time,
 * which is quick, and get the same numbers and objects where they came out as before. A body, contract or test is kept if its own text is the same at the
 * same place and all names it asked for still mean the same (`watch.ts`); so it doesn't matter what was edited, or in which file. What comes out is what
 * `checkProgram` gives for the same modules, but for the numbers of nodes.
 */
import type { TestDecl } from "../../grammar/ast.ts";
import { createReporter, mergeReports } from "../diagnostics/report.ts";
import type { Reporter } from "../diagnostics/report.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Modules } from "../modules/load.ts";
import type { Func, FuncId, Test } from "../typed/tree.ts";
import { checkTogether, checkUnit, declareProgram, programOf } from "./check.ts";
import type { CheckResult, Declared, Unit } from "./check.ts";
import { nameViews, sameComposition, sameObjects } from "./compositions.ts";
import type { Composition } from "./compose.ts";
import { MAX_PARTS } from "./constants.ts";
import type { Observer, ProgramContext, Signature } from "./context.ts";
import { buildContract } from "./contracts.ts";
import type { BuiltContract } from "./contracts.ts";
import { finish } from "./functions.ts";
import type { Draft } from "./functions.ts";
import { lastingIdentities } from "./identities.ts";
import { sameSignature } from "./meaning.ts";
import { sameMeaning } from "./same-meaning.ts";
import { testChecker } from "./tests.ts";
import { createDirectory } from "./watch.ts";
import type { Directory, Question } from "./watch.ts";

type Checkable = Pick<Modules, "root" | "files">;

export interface Checker {
  readonly check: (modules: Checkable) => CheckResult;
  /** Names and members as they are known; undefined before the first check. */
  readonly context: () => ProgramContext | undefined;
  /** What the last call did. For tests and measurements. */
  readonly work: () => Work;
}

export interface Work {
  /** Names of the functions whose bodies were checked, in order, and how many there are in all. */
  readonly checked: readonly string[];
  readonly bodies: number;
  /** Contracts that were put together, and tests that were checked. */
  readonly built: readonly string[];
  readonly tests: number;
}

/** What was found out about one thing, with all that it asked for. */
interface Found {
  readonly questions: readonly Question[];
  readonly diagnostics: readonly Diagnostic[];
}

interface CheckedUnit extends Found {
  readonly unit: Unit;
  readonly view: string;
  readonly draft: Draft;
  readonly func: { readonly writes: boolean; readonly func: Func } | undefined;
  /** Parts of constants that its uses copied. */
  readonly parts: number;
}

interface BuiltUnit extends Found {
  readonly composition: Composition;
  readonly built: BuiltContract;
  /** All functions that what was built depends on, as they were. */
  readonly reach: readonly Func[];
  /** Functions that building added. */
  readonly added: readonly Func[];
}

interface CheckedTest extends Found {
  readonly test: Test;
}

interface State {
  readonly modules: Checkable;
  readonly declared: Declared;
  readonly directory: Directory;
  readonly units: ReadonlyMap<FuncId, CheckedUnit>;
  readonly built: ReadonlyMap<string, BuiltUnit>;
  readonly tests: ReadonlyMap<TestDecl, CheckedTest>;
}

/** Numbers of nodes grow with each body that is checked again; far below where they would become large numbers to the machine. */
const MAX_IDS = 2 ** 29;

export function createChecker(observer: Observer | undefined): Checker {
  let state: State | undefined;
  let context: ProgramContext | undefined;
  let identities = lastingIdentities();
  let work: { checked: string[]; bodies: number; built: string[]; tests: number } = { checked: [], bodies: 0, built: [], tests: 0 };
  // Where the program's context reports to at the moment.
  let target: Reporter = createReporter();
  const reporter: Reporter = {
    report: (code, place, values, extra) => {
      target.report(code, place, values, extra);
    },
    diagnostics: () => target.diagnostics(),
    errorCount: () => target.errorCount(),
    isFull: () => target.isFull(),
  };
  const collect = <T>(body: () => T): { readonly result: T; readonly diagnostics: readonly Diagnostic[] } => {
    target = createReporter();
    const result = body();
    return { result, diagnostics: target.diagnostics() };
  };
  const find = <T>(directory: Directory, body: () => T): Found & { readonly result: T } => {
    const { result: watched, diagnostics } = collect(() => directory.during(body));
    return { ...watched, diagnostics };
  };

  const checkUnits = (now: Declared, directory: Directory, before: State | undefined): Map<FuncId, CheckedUnit> => {
    const { context } = now;
    const views = nameViews(now, directory);
    const viewOf = ({ view }: Unit): string => (view === undefined ? "" : (views.get(view) ?? ""));
    const keeps = (known: CheckedUnit | undefined, unit: Unit): boolean =>
      before !== undefined &&
      known?.unit.signature.node === unit.signature.node &&
      known.view === viewOf(unit) &&
      sameSignature(known.unit.signature, unit.signature) &&
      known.questions.every((question) => directory.agrees(before.directory, question));
    // Members of mixins are checked once per contract; what is told of their nodes is told by all of these together.
    const stale = new Set<Signature["node"]>();
    for (const unit of now.units) if (!keeps(before?.units.get(unit.signature.id), unit)) stale.add(unit.signature.node);
    if (before !== undefined) for (const node of stale) observer?.forget(node);
    const units = new Map<FuncId, CheckedUnit>();
    for (const unit of now.units) {
      const { id, node, name } = unit.signature;
      const known = before?.units.get(id);
      if (known !== undefined && !stale.has(node)) {
        context.budget.parts += known.parts;
        // Nothing that is kept refers to the check before, or none would ever be let go.
        units.set(id, { ...known, unit, draft: { ...known.draft, signature: unit.signature } });
        continue;
      }
      const partsBefore = context.budget.parts;
      const { result: draft, questions, diagnostics } = find(directory, () => checkUnit(context, unit));
      work.checked.push(name);
      units.set(id, {
        unit,
        view: viewOf(unit),
        draft,
        func: undefined,
        questions,
        diagnostics,
        parts: context.budget.parts - partsBefore,
      });
    }
    work.bodies = units.size;
    return units;
  };

  const build = (
    { context, contracts }: Declared,
    directory: Directory,
    drafts: ReadonlyMap<FuncId, Draft>,
    functions: Map<FuncId, Func>,
    before: State | undefined,
  ): Map<string, BuiltUnit> => {
    const all = new Map<string, BuiltUnit>();
    for (const composition of contracts) {
      let key = composition.decl.name.text;
      while (all.has(key)) key = `${key}#`;
      const reach = reachOf(composition, drafts, functions);
      const known = before?.built.get(key);
      const isKept =
        before !== undefined &&
        known !== undefined &&
        sameComposition(known.composition, composition) &&
        sameObjects(known.reach, reach) &&
        known.questions.every((question) => directory.agrees(before.directory, question));
      if (isKept) {
        for (const func of known.added) functions.set(func.id, func);
        all.set(key, { ...known, composition, built: { ...known.built, decl: composition.decl } });
        continue;
      }
      for (const { file, node } of composition.parallels) if (file === composition.file) observer?.forget(node);
      const own = new Map(functions);
      const { result: built, questions, diagnostics } = find(directory, () => buildContract(context, composition, drafts, own));
      work.built.push(composition.decl.name.text);
      keepInit(known, composition, built.contract.init, own, functions);
      const added = [...own.values()].filter((func) => functions.get(func.id) !== func);
      for (const func of added) functions.set(func.id, func);
      // What depends on its fields and assertions alone stays true when only functions changed.
      const isSame = known !== undefined && sameMeaning(known.built.contract, built.contract);
      all.set(key, {
        composition,
        built: isSame ? { ...built, contract: known.built.contract } : built,
        reach,
        added,
        questions,
        diagnostics,
      });
    }
    return all;
  };

  const checkTests = (
    now: Declared,
    modules: Checkable,
    directory: Directory,
    built: readonly BuiltContract[],
    functions: ReadonlyMap<FuncId, Func>,
    before: State | undefined,
  ): Map<TestDecl, CheckedTest> => {
    const tests = new Map<TestDecl, CheckedTest>();
    const root = now.context.files.get(modules.root);
    if (root === undefined) return tests;
    const { check, contracts } = testChecker(now.context, root, built, functions);
    directory.built(built, contracts);
    for (const node of root.tree.items) {
      if (node.kind !== "test") continue;
      const known = before?.tests.get(node);
      if (before !== undefined && known?.questions.every((question) => directory.agrees(before.directory, question)) === true) {
        tests.set(node, known);
        continue;
      }
      observer?.forget(node);
      const { result: test, questions, diagnostics } = find(directory, () => check(node));
      work.tests++;
      tests.set(node, { test, questions, diagnostics });
    }
    return tests;
  };

  const run = (modules: Checkable, before: State | undefined): { readonly state: State; readonly result: CheckResult } => {
    work = { checked: [], bodies: 0, built: [], tests: 0 };
    if (before !== undefined) forgetConstants(modules, observer);
    const { result: declared, diagnostics: first } = collect(() =>
      declareProgram(modules, { reporter, observer, identities: identities.next() }),
    );
    const { context } = declared;
    const directory = createDirectory(context);
    const units = checkUnits(declared, directory, before);
    const drafts = new Map([...units].map(([id, { draft }]) => [id, draft]));
    const { result: writers, diagnostics: together } = collect(() => checkTogether(context, drafts));
    const functions = new Map<FuncId, Func>();
    for (const [id, unit] of units) {
      if (!unit.unit.inProgram) continue;
      const writes = writers.has(id);
      const func = unit.func?.writes === writes ? unit.func.func : finish(unit.draft, writes);
      units.set(id, { ...unit, func: { writes, func } });
      functions.set(id, func);
    }
    const builtUnits = build(declared, directory, drafts, functions, before);
    const built = [...builtUnits.values()].map((one) => one.built);
    const tests = checkTests(declared, modules, directory, built, functions, before);
    const diagnosticsOf = (found: Iterable<Found>): (readonly Diagnostic[])[] => [...found].map(({ diagnostics }) => diagnostics);
    const parts = [
      first,
      ...diagnosticsOf(units.values()),
      together,
      ...diagnosticsOf(builtUnits.values()),
      ...diagnosticsOf(tests.values()),
    ];
    const merged = mergeReports(parts);
    const diagnostics = merged.diagnostics();
    const isWhole = context.files.has(modules.root) && merged.errorCount() === 0;
    const program = isWhole
      ? programOf(
          modules,
          built,
          functions,
          [...tests.values()].map(({ test }) => test),
        )
      : undefined;
    return { state: { modules, declared, directory, units, built: builtUnits, tests }, result: { program, diagnostics } };
  };

  return {
    check(modules) {
      let before = state;
      // Whatever goes wrong, nothing half-done is built upon.
      state = undefined;
      if (identities.count() > MAX_IDS) {
        identities = lastingIdentities();
        before = undefined;
      }
      let done = run(modules, before);
      // Which uses of constants are one too many depends on the order in which they are checked.
      const isFull = done.state.declared.context.budget.parts > MAX_PARTS;
      if (isFull && before !== undefined) done = run(modules, undefined);
      if (!isFull) state = done.state;
      context = done.state.declared.context;
      return done.result;
    },
    context: () => context,
    work: () => work,
  };
}

/** Their expressions are gone through again with the declarations. */
function forgetConstants({ files }: Checkable, observer: Observer | undefined): void {
  if (observer === undefined) return;
  for (const item of files.flatMap(({ tree }) => tree.items)) {
    if (item.kind === "const") observer.forget(item);
    if (item.kind !== "contract" && item.kind !== "mixin") continue;
    for (const member of item.members) if (member.kind === "state" && member.initial !== undefined) observer.forget(member);
  }
}

/** The contract's functions, and all that they call. */
function reachOf(composition: Composition, drafts: ReadonlyMap<FuncId, Draft>, functions: ReadonlyMap<FuncId, Func>): readonly Func[] {
  const { functions: own, invariants, init } = composition;
  const reached = new Set([...own, ...invariants, ...(init === undefined ? [] : [init])].map(({ signature }) => signature.id));
  // The set grows while it is walked.
  for (const id of reached) for (const { callee } of drafts.get(id)?.facts.calls ?? []) reached.add(callee);
  return [...reached].flatMap((id) => functions.get(id) ?? []);
}

/** `init` with the stores of initial values before it is made with the contract; it is the same one while what it is made of is. */
function keepInit(
  known: BuiltUnit | undefined,
  { fields, initials, init }: Composition,
  id: FuncId,
  own: Map<FuncId, Func>,
  functions: ReadonlyMap<FuncId, Func>,
): void {
  if (known === undefined || known.built.contract.init !== id) return;
  const before = known.added.find((func) => func.id === id);
  const made = own.get(id);
  if (before === undefined || made === undefined || !sameMeaning([before.site, before.nameSite], [made.site, made.nameSite])) return;
  const isOwn = init === undefined ? known.composition.init === undefined : known.reach.includes(functions.get(id) ?? before);
  if (!isOwn || !sameObjects(known.composition.fields, fields)) return;
  if (sameMeaning([...known.composition.initials.values()], [...initials.values()])) own.set(id, before);
}
