/** Why no `when` can rule a clash out, and what to write instead where the cause is a known one. Texts only. */
import { showType } from "../core/types.ts";
import type { ContractFootprint, Leaf, LeafIndex, Term } from "../footprint/footprint.ts";
import { flatten } from "../footprint/flatten.ts";
import { leafName } from "../footprint/show.ts";
import { foldTerm, childrenOf } from "../footprint/terms.ts";
import type { Func } from "../typed/tree.ts";
import type { Clash } from "./conflict.ts";

interface Sides {
  readonly left: Func;
  readonly right: Func;
}

/** "`totalPower` has no key: … ". One or two sentences, joined by a semicolon. */
export function causeOf(footprint: ContractFootprint, clash: Clash, sides: Sides): string {
  const leaf = footprint.leaves[clash.left.leaf];
  const reason = reasonOf(leaf, clash, sides);
  const advice = adviceOf(footprint, leaf, clash, sides);
  return advice === undefined ? reason : `${reason}; ${advice}`;
}

function reasonOf(leaf: Leaf, clash: Clash, sides: Sides): string {
  const cell = `\`${leafName(leaf)}\``;
  if (leaf.keys.length === 0) {
    const who =
      sides.left === sides.right ? `calls of \`${sides.left.name}\` share it` : `every call of either function uses the same cell`;
    return `no condition on the calls can help: ${cell} has no key, ${who}`;
  }
  const keys = [...clash.left.keys, ...clash.right.keys];
  if (clash.left.stage === "wide" || clash.right.stage === "wide") {
    return `no condition can help: a key of ${cell} isn't known before the call runs`;
  }
  if (keys.some((key) => mentions(key, (term) => term.kind === "read"))) {
    return `no condition can help: a key of ${cell} is read from state, and a condition can't speak of state`;
  }
  if (keys.some((key) => mentions(key, (term) => term.kind === "element" || term.kind === "loopIndex"))) {
    return `no condition can help: a key of ${cell} runs over a list or a range, and a condition can't speak of its elements`;
  }
  if (keys.some((key) => mentions(key, (term) => term.kind === "ticket"))) {
    return `no condition can help: a key of ${cell} is a number that is drawn, and a condition can't speak of it`;
  }
  if (keys.some((key) => mentions(key, (term) => term.kind === "param" || isOfCall(term)))) {
    return `the keys of ${cell} are computed from what a condition can compare: it helps only where it sets that equal to constants`;
  }
  return `no condition on the calls can help: the keys of ${cell} name nothing of the call`;
}

function isOfCall(term: Term): boolean {
  return term.kind === "context" && (term.name === "caller" || term.name === "value");
}

function mentions(term: Term, test: (part: Term) => boolean): boolean {
  return foldTerm<boolean>(term, new Map(), (part, get) => test(part) || childrenOf(part).some(get));
}

function adviceOf(footprint: ContractFootprint, leaf: Leaf, clash: Clash, sides: Sides): string | undefined {
  const name = leafName(leaf);
  if (leaf.field === undefined)
    return clash.left.mode === "R" || clash.right.mode === "R" ? "leave out the read of the balance" : undefined;
  if (leaf.keys.length === 0 && (isCounter(footprint, leaf, sides.left) || isCounter(footprint, leaf, sides.right))) {
    const bits = leaf.type.kind === "int" && leaf.type.bits === 32 ? 32 : 64;
    return `\`${name}\` numbers things: declare \`state ${name}: sequence<u${bits}>;\` and take \`self.${name}.next()\`, whose numbers never conflict`;
  }
  const modes = [clash.left.mode, clash.right.mode];
  if (modes.includes("D") && modes.includes("R")) {
    const reader = clash.left.mode === "R" ? sides.left : sides.right;
    return `adding to it never waits, reading it in \`${reader.name}\` waits for all adds: leave out the read, or don't assert independence`;
  }
  if (modes.includes("W") && leaf.keys.length === 0 && leaf.type.kind === "int" && !leaf.type.signed) {
    return `an assignment orders calls, \`+=\` and \`-=\` of a value that isn't read don't; or give it a key, such as \`map<address, ${showType(leaf.type)}>\` by \`caller\``;
  }
  return undefined;
}

/** Read for a key of something else, and changed: a counter that hands out ids. */
function isCounter(footprint: ContractFootprint, leaf: Leaf, func: Func): boolean {
  if (leaf.type.kind !== "int") return false;
  const plan = footprint.entries.get(func.id);
  if (plan === undefined) return false;
  const accesses = flatten(plan);
  const changed = accesses.some((access) => access.leaf === leaf.index && access.mode !== "R");
  return changed && accesses.some((access) => access.keys.some((key) => readsCell(key, leaf.index)));
}

/** Whether the value depends on a read of this kind of cell. */
export function readsCell(term: Term, leaf: LeafIndex): boolean {
  return mentions(term, (part) => part.kind === "read" && part.leaf === leaf);
}
