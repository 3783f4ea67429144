/**
 * Draws the calls of a block from a mix. Arguments are drawn anew until the call's own checks on them hold, at most a few times; where a check asks for
 * an equality (`require caller == self.minter`), the caller or the parameter is given that value.
 */
import { evaluate } from "../footprint/concrete.ts";
import type { Given } from "../footprint/concrete.ts";
import type { EntryPlan, Term } from "../footprint/footprint.ts";
import type { Func } from "../typed/tree.ts";
import type { Check } from "./checks.ts";
import type { Draw, Drawer } from "./draw.ts";
import type { Random } from "./random.ts";
import { atStart, givenTo } from "./world.ts";
import type { Words, World } from "./world.ts";

/** One entry of a mix: a function, and how its calls are drawn. */
export interface Kind {
  readonly func: Func;
  readonly plan: EntryPlan;
  readonly checks: readonly Check[];
  readonly weight: number;
  readonly caller: Draw;
  readonly value: Draw;
  readonly args: readonly Draw[];
  /** What the mix says of the caller and of parameters, by index; no check changes these. */
  readonly said: { readonly caller: boolean; readonly args: ReadonlySet<number> };
}

export interface SampledCall extends Words {
  /** Index into the mix. */
  readonly kind: number;
  /** It passes its own checks. */
  readonly passes: boolean;
}

export interface Source {
  readonly kinds: readonly Kind[];
  readonly world: World;
  readonly random: Random;
  readonly draw: Drawer;
}

/** Of each call: times that arguments are drawn before one that fails its checks is taken as it is. */
const ATTEMPTS = 16;

export function sampleCalls(source: Source, count: number): readonly SampledCall[] {
  const { kinds, random } = source;
  const total = kinds.reduce((sum, kind) => sum + kind.weight, 0);
  return Array.from({ length: count }, () => {
    let left = random.below(total);
    let index = 0;
    while (left >= kinds[index].weight) left -= kinds[index++].weight;
    return sampleCall(source, index);
  });
}

function sampleCall(source: Source, index: number): SampledCall {
  const kind = source.kinds[index];
  for (let attempt = 1; ; attempt++) {
    const drawn = { args: kind.args.map(source.draw), caller: source.draw(kind.caller), value: source.draw(kind.value) };
    const words = fitted(source.world, kind, drawn);
    const passes = kind.checks.every((check) => passesCheck(check, asChecked(source.world, words)));
    if (passes || attempt === ATTEMPTS) return { kind: index, ...words, passes };
  }
}

/** Also where the call doesn't decide it. */
function passesCheck({ term, holds }: Check, given: Given): boolean {
  const found = evaluate(term, given);
  return found.kind === "open" || (found.kind === "value" && found.value === holds);
}

/** Each of the caller and the parameters follows one equality at most, the first. */
function fitted(world: World, kind: Kind, drawn: Words): Words {
  const { said } = kind;
  let words = drawn;
  const settled = new Set<number | "caller">(said.caller ? [...said.args, "caller"] : said.args);
  for (const { term, holds } of kind.checks) {
    if (term.kind !== "op" || term.op !== (holds ? "==" : "!=")) continue;
    const [left, right] = term.args;
    for (const [variable, other] of [
      [left, right],
      [right, left],
    ]) {
      const target = variableOf(variable);
      if (target === undefined || settled.has(target)) continue;
      const found = evaluate(other, asChecked(world, words));
      if (found.kind !== "value") continue;
      const { value } = found;
      words =
        target === "caller" ? { ...words, caller: value } : { ...words, args: words.args.map((arg, i) => (i === target ? value : arg)) };
      settled.add(target);
      break;
    }
  }
  return words;
}

function variableOf(term: Term): number | "caller" | undefined {
  if (term.kind === "context" && term.name === "caller") return "caller";
  return term.kind === "param" && term.path.length === 0 ? term.index : undefined;
}

/** The call's own checks don't ask state. */
function asChecked(world: World, words: Words): Given {
  return givenTo(words, world, () => undefined, atStart());
}
