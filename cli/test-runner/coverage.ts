/**
 * What tests reached of the programs they ran on: functions, lines with statements, and the ways that conditions, checks, arms and loops went. All that
 * the typed tree has is there from the start with count 0; what was run is told by probes. Functions that several contracts have from one mixin are one,
 * and so are files that several programs import.
 */
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import { visitBlock } from "../../compiler/typed/walk.ts";
import type { Expr, Func, FuncId, Program, Site, Stmt, TypedId } from "../../compiler/typed/tree.ts";
import { compareText } from "../render/frame.ts";

export interface FileCoverage {
  readonly path: string;
  readonly functions: readonly { readonly name: string; readonly line: number; readonly count: number }[];
  /** By line. */
  readonly lines: readonly { readonly line: number; readonly count: number }[];
  /** `block` numbers the choices of a file, `branch` the ways of one; `reached` is false where nobody came to the choice at all. */
  readonly branches: readonly Way[];
}

export interface Way {
  readonly line: number;
  readonly block: number;
  readonly branch: number;
  readonly count: number;
  readonly reached: boolean;
}

/** What may be told while a program runs; the evaluator of tests tells the same of functions outside contracts. */
export interface Reached {
  readonly enter: (func: FuncId) => void;
  readonly step: (stmt: TypedId) => void;
  readonly choice: (node: TypedId, held: boolean) => void;
}

export interface CoverageBook {
  /** Adds the functions of the program; what it gives is told what of them runs. */
  readonly watch: (program: Program) => Reached;
  /** By path. */
  readonly files: () => readonly FileCoverage[];
}

interface Counter {
  count: number;
}

interface Place extends Counter {
  readonly path: string;
  readonly line: number;
}

interface FunctionPlace extends Place {
  readonly names: Set<string>;
}

interface WayPlace extends Place {
  /** Of the choice, and the number of the way. */
  readonly choice: string;
  readonly start: number;
  readonly branch: number;
}

/** Files of the library that comes with the compiler aren't the author's to test. */
const LIBRARY = "weft/";

export function createCoverage(): CoverageBook {
  const functions = new Map<string, FunctionPlace>();
  const statements = new Map<string, Place>();
  const ways = new Map<string, WayPlace>();
  const paths = new Set<string>();

  function watch(program: Program): Reached {
    const starts = new Map(program.files.map(({ path, text }) => [path, lineStarts(text)] as const));
    const lineOf = ({ path, span }: Site): number => positionAt(starts.get(path) ?? [0], span.start).line;
    const entered = new Map<FuncId, Counter>();
    const stepped = new Map<TypedId, Counter>();
    const chosen = new Map<TypedId, readonly [Counter | undefined, Counter | undefined]>();

    const wayOf = (site: Site, branch: number, line: number): WayPlace => {
      const choice = `${site.path}:${site.span.start}:${site.span.end}`;
      return found(ways, `${choice}:${branch}`, () => ({ path: site.path, line, choice, start: site.span.start, branch, count: 0 }));
    };
    const bothWays = (id: TypedId, site: Site): void => {
      const line = lineOf(site);
      chosen.set(id, [wayOf(site, 0, line), wayOf(site, 1, line)]);
    };
    /** A chain of conditions that one `match` became is one choice with an arm for each. */
    const arms = (first: Choice): void => {
      let node: Choice | undefined = first;
      for (let arm = 0; node !== undefined; arm++) {
        const next = nextArm(node);
        const last = node.kind === "if" ? node.otherwise.at(0)?.site : node.otherwise.site;
        const otherwise = next !== undefined ? undefined : wayOf(first.site, arm + 1, lineOf(last ?? node.site));
        chosen.set(node.id, [wayOf(first.site, arm, lineOf(node.cond.site)), otherwise]);
        node = next;
      }
    };
    const noteChoice = (node: Choice): void => {
      if (chosen.has(node.id)) return;
      if (nextArm(node) === undefined && !isArm(node)) bothWays(node.id, node.kind === "if" ? node.site : node.cond.site);
      else arms(node);
    };
    const noteStatement = (stmt: Stmt): void => {
      const line = lineOf(stmt.site);
      const { path, span } = stmt.site;
      stepped.set(
        stmt.id,
        found(statements, `${path}:${span.start}:${span.end}`, () => ({ path, line, count: 0 })),
      );
      if (stmt.kind === "if") noteChoice(stmt);
      else if (stmt.kind === "require" || stmt.kind === "forList" || stmt.kind === "forRange") bothWays(stmt.id, stmt.site);
      else if (stmt.kind === "update" && stmt.orElse !== undefined && FAILING.has(stmt.op)) bothWays(stmt.id, stmt.site);
    };
    const noteExpr = (expr: Expr): void => {
      if (expr.kind === "ifExpr") noteChoice(expr);
      else if (expr.kind === "binary" && (expr.op === "&&" || expr.op === "||")) bothWays(expr.id, expr.right.site);
    };

    for (const func of program.functions.values()) {
      const { path, span } = func.nameSite;
      if (func.role === "getter" || path.startsWith(LIBRARY)) continue;
      paths.add(path);
      visitBlock(func.body, { stmt: noteStatement, expr: noteExpr });
      if (isWritten(func, program)) {
        const place = found(functions, `${path}:${span.start}`, () => ({ path, line: lineOf(func.nameSite), names: new Set(), count: 0 }));
        place.names.add(func.contract === undefined ? func.name : `${func.contract}.${func.name}`);
        entered.set(func.id, place);
      }
    }
    const count = (counter: Counter | undefined): void => {
      if (counter !== undefined) counter.count++;
    };
    return {
      enter: (func) => count(entered.get(func)),
      step: (stmt) => count(stepped.get(stmt)),
      choice: (node, held) => count(chosen.get(node)?.[held ? 0 : 1]),
    };
  }

  return {
    watch,
    files: () => [...paths].sort(compareText).map((path) => fileCoverage(path, functions, statements, ways)),
  };
}

/** What fails by an `else` of its own. The others never do. */
const FAILING: ReadonlySet<string> = new Set(["+", "-", "*"]);

type Choice = Extract<Stmt, { kind: "if" }> | Extract<Expr, { kind: "ifExpr" }>;

function isArm({ cond, site }: Choice): boolean {
  // The condition of an arm stands inside of the `match`, at its pattern; that of an `if` is the first thing in it.
  return (cond.kind === "isVariant" || cond.kind === "binary") && cond.site.span.start > site.span.start && isPattern(cond);
}

/** Made for a pattern: its parts stand where the whole stands. */
function isPattern(cond: Expr): boolean {
  if (cond.kind === "isVariant") return true;
  return cond.kind === "binary" && cond.op === "==" && cond.right.kind === "literal" && sameSpan(cond.right.site, cond.site);
}

function nextArm(node: Choice): Choice | undefined {
  const inner = node.kind === "if" ? innerStatement(node.otherwise) : innerChoice(node.otherwise);
  return inner !== undefined && sameSpan(inner.site, node.site) ? inner : undefined;
}

function innerStatement(body: readonly Stmt[]): Choice | undefined {
  const [only] = body;
  return body.length === 1 && only.kind === "if" ? only : undefined;
}

function innerChoice(expr: Expr): Choice | undefined {
  let inner = expr;
  while (inner.kind === "seq" || inner.kind === "convert") inner = inner.kind === "seq" ? inner.value : inner.operand;
  return inner.kind === "ifExpr" ? inner : undefined;
}

function sameSpan(a: Site, b: Site): boolean {
  return a.path === b.path && a.span.start === b.span.start && a.span.end === b.span.end;
}

/** An `init` that nobody wrote stands where the contract does. */
function isWritten(func: Func, program: Program): boolean {
  return func.role !== "init" || !program.contracts.some((contract) => sameSpan(contract.site, func.nameSite));
}

function found<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function fileCoverage(
  path: string,
  functions: ReadonlyMap<string, FunctionPlace>,
  statements: ReadonlyMap<string, Place>,
  ways: ReadonlyMap<string, WayPlace>,
): FileCoverage {
  const lines = new Map<number, number>();
  for (const place of statements.values()) {
    if (place.path === path) lines.set(place.line, Math.max(lines.get(place.line) ?? 0, place.count));
  }
  return {
    path,
    functions: namedFunctions([...functions.values()].filter((place) => place.path === path)),
    lines: [...lines].sort(([a], [b]) => a - b).map(([line, count]) => ({ line, count })),
    branches: numbered([...ways.values()].filter((way) => way.path === path)),
  };
}

/** Names are unique in a file, as lcov wants them: a function that several contracts share has its plain name, and the second of a name its line. */
function namedFunctions(places: readonly FunctionPlace[]): FileCoverage["functions"] {
  const taken = new Set<string>();
  return [...places]
    .sort((a, b) => a.line - b.line)
    .map(({ names, line, count }) => {
      const [first = ""] = names;
      const wish = names.size === 1 ? first : first.slice(first.indexOf(".") + 1);
      const name = taken.has(wish) ? `${wish}:${line}` : wish;
      taken.add(name);
      return { name, line, count };
    });
}

function numbered(places: readonly WayPlace[]): readonly Way[] {
  const sorted = [...places].sort((a, b) => a.start - b.start || compareText(a.choice, b.choice) || a.branch - b.branch);
  const blocks = new Map<string, { readonly number: number; reached: boolean }>();
  for (const { choice, count } of sorted) {
    const block = blocks.get(choice) ?? { number: blocks.size, reached: false };
    block.reached ||= count > 0;
    blocks.set(choice, block);
  }
  return sorted.map(({ choice, line, branch, count }) => {
    const block = blocks.get(choice);
    return { line, block: block?.number ?? 0, branch, count, reached: block?.reached === true };
  });
}
