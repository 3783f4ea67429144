/**
 * What a function touches, before and after: cells that came or went, cells touched in another mode, under other conditions, or by a key that is known
 * later. Accesses of one cell count as one, as they do for the runtime (rule P2).
 */
import { judge } from "../conflicts/implication.ts";
import type { Judgement } from "../conflicts/implication.ts";
import type { Bank } from "../conflicts/bank.ts";
import type { Budget } from "../conflicts/budget.ts";
import { guardLiterals, pairBank } from "../conflicts/literals.ts";
import type { Literal } from "../conflicts/literals.ts";
import { flatten } from "../footprint/flatten.ts";
import type { FlatAccess, LeafIndex } from "../footprint/footprint.ts";
import { nameLoops, showCell } from "../footprint/show.ts";
import type { TermScope } from "../footprint/show.ts";
import { guardText, stageText } from "../footprint/table.ts";
import { latest } from "../footprint/terms.ts";
import type { Stage } from "../footprint/terms.ts";
import type { Func, Site } from "../typed/tree.ts";
import { planOf, withLoops } from "./pairs.ts";
import type { BothAccesses } from "./pairs.ts";
import type { Version } from "./versions.ts";

export interface AccessSide {
  readonly mode: FlatAccess["mode"];
  /** `balances[caller]` */
  readonly path: string;
  readonly stage: Stage;
  /** Conditions of the first access, as `weft footprint` writes them. */
  readonly guard: string;
  readonly site: Site;
}

export type AccessChange =
  | { readonly kind: "added"; readonly after: AccessSide }
  | { readonly kind: "removed"; readonly before: AccessSide }
  | {
      readonly kind: "changed";
      readonly before: AccessSide;
      readonly after: AccessSide;
      readonly mode: Judgement;
      readonly stage: Judgement;
      readonly guard: Judgement;
    };

/** All accesses of one cell. */
interface Touched {
  readonly leaf: LeafIndex;
  readonly side: AccessSide;
  readonly guards: readonly (readonly Literal[])[];
}

/** In order of the newer code, then those that are gone. */
export function compareAccesses(before: Version, after: Version, both: BothAccesses, budget: Budget): readonly AccessChange[] {
  const { pair, rename } = both;
  const loops = withLoops(both.after, both.renamed);
  const bank = pairBank(loops, loops);
  const old = flatten(planOf(before, pair.before.id)).map((given) => ({ given, renamed: rename.access(given) }));
  const now = flatten(planOf(after, pair.after.id)).map((given) => ({ given, renamed: given }));
  const was = touchedBy(bank, old, before, pair.before);
  const is = touchedBy(bank, now, after, pair.after);
  const removed = [...was].flatMap(([key, cell]) => (is.has(key) ? [] : [cell]));
  const added = [...is].flatMap(([key, cell]) => (was.has(key) ? [] : [cell]));
  const changes = [...is].flatMap(([key, cell]): AccessChange[] => {
    const known = was.get(key);
    const match = known ?? takeAlike(removed, cell, added);
    if (match === undefined) return [{ kind: "added", after: cell.side }];
    const change = changeOf(bank, match, cell, budget);
    const same = known !== undefined && change.mode === "same" && change.stage === "same" && change.guard === "same";
    return same ? [] : [change];
  });
  return [...changes, ...removed.map(({ side }): AccessChange => ({ kind: "removed", before: side }))];
}

/** A cell of the same kind that only one version names: most likely the same access by another key. Taken out of `removed`. */
function takeAlike(removed: Touched[], cell: Touched, added: readonly Touched[]): Touched | undefined {
  const mates = removed.filter(({ leaf }) => leaf === cell.leaf);
  const rivals = added.filter(({ leaf }) => leaf === cell.leaf);
  const sameMode = mates.filter(({ side }) => side.mode === cell.side.mode);
  const match = sameMode.length > 0 ? sameMode[0] : mates.length === 1 && rivals.length === 1 ? mates[0] : undefined;
  if (match !== undefined) removed.splice(removed.indexOf(match), 1);
  return match;
}

type Changed = Extract<AccessChange, { kind: "changed" }>;

function changeOf(bank: Bank, before: Touched, after: Touched, budget: Budget): Changed {
  return {
    kind: "changed",
    before: before.side,
    after: after.side,
    mode: judgeMode(before.side.mode, after.side.mode),
    stage: judgeStage(before.side.stage, after.side.stage),
    guard: judge(bank, bounded(before.guards), bounded(after.guards), budget),
  };
}

/** Ways to get to one cell that are told apart. */
const MAX_WAYS = 32;

function bounded(guards: Touched["guards"]): Touched["guards"] {
  const byKey = new Map(guards.map((literals) => [literals.map(({ key }) => key).join(" "), literals]));
  return byKey.has("") || byKey.size > MAX_WAYS ? [[]] : [...byKey.values()];
}

/** A write conflicts with everything; a read and an add each with what the other doesn't. */
function judgeMode(before: FlatAccess["mode"], after: FlatAccess["mode"]): Judgement {
  if (before === after) return "same";
  if (before === "T" || after === "T") return "other";
  return after === "W" ? "less" : before === "W" ? "more" : "other";
}

function judgeStage(before: Stage, after: Stage): Judgement {
  if (before === after) return "same";
  return latest([before, after]) === after ? "less" : "more";
}

function touchedBy(
  bank: Bank,
  accesses: readonly { readonly given: FlatAccess; readonly renamed: FlatAccess }[],
  version: Version,
  func: Func,
): ReadonlyMap<string, Touched> {
  const scope = scopeOf(
    version,
    func,
    accesses.map(({ given }) => given),
  );
  const cells = new Map<string, Touched>();
  for (const { given, renamed } of accesses) {
    const guards = guardLiterals(bank, "left", renamed);
    if (guards === undefined) continue;
    const refs = renamed.keys.map((key) => bank.ref("left", key)).map(({ node, offset }) => `${node}+${offset}`);
    const key = `${renamed.mode === "T" ? "T " : ""}${renamed.leaf} ${refs.join(" ")}`;
    const before = cells.get(key);
    const { mode, stage, site } = given;
    const path = showCell(scope.leaves, given.leaf, given.keys, scope);
    const side = { mode, path, stage, guard: guardText(given, scope), site };
    if (before === undefined) cells.set(key, { leaf: renamed.leaf, side, guards: [guards] });
    else
      cells.set(key, { ...before, side: { ...before.side, mode: joinedMode(before.side.mode, mode) }, guards: [...before.guards, guards] });
  }
  return cells;
}

function joinedMode(a: FlatAccess["mode"], b: FlatAccess["mode"]): FlatAccess["mode"] {
  return a === b ? a : "W";
}

function scopeOf({ footprint }: Version, { params }: Func, accesses: readonly FlatAccess[]): TermScope {
  const names = nameLoops(
    accesses.flatMap((access) => access.loops),
    new Set(params.map((param) => param.name)),
  );
  return { leaves: footprint.leaves, params, call: "", state: "self.", loopName: (loop) => names.get(loop) ?? "i" };
}

/** `R`, `Δ`, with what else there is to say: `Δ balances[self.owners[id]] staged if flag`. */
export function sideText({ mode, path, stage, guard }: AccessSide): string {
  const words = [mode === "D" ? "Δ" : mode, path, ...(stage === 0 ? [] : [stageText({ stage })]), ...(guard === "" ? [] : [`if ${guard}`])];
  return words.join(" ");
}

/** What a change of one access is by itself: whether calls wait more or less for it depends on what other functions do with the cell. */
export function judgeAccess({ mode, stage, guard }: Changed): Judgement {
  const found = new Set([mode, stage, guard].filter((each) => each !== "same"));
  return found.size === 1 ? [...found][0] : "other";
}
