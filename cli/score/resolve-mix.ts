/** Gives each contract the calls of a mix: functions by name, and how their arguments are drawn. */
import { closest } from "../../grammar/closest.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import { callable, plainEntry, uniformMix } from "../../compiler/score/kinds.ts";
import type { MixEntry } from "../../compiler/score/kinds.ts";
import type { Func, Program } from "../../compiler/typed/tree.ts";
import { readObject } from "../scenario/reader.ts";
import type { Located, ObjectReader } from "../scenario/reader.ts";
import { readDraw } from "./read-draw.ts";
import type { Mix, NamedEntry } from "./read-mix.ts";

export interface ContractMix {
  readonly footprint: ContractFootprint;
  readonly entries: readonly MixEntry[];
}

export type Resolved =
  | { readonly kind: "contracts"; readonly contracts: readonly ContractMix[] }
  /** No contract has all of the functions: the first one that the likeliest contract lacks, and what it has. */
  | { readonly kind: "unknown"; readonly entry: NamedEntry; readonly known: readonly string[] }
  /** The mix's `issues` tell what is wrong. */
  | { readonly kind: "failed" };

/** Of several contracts those take part that have all functions of the mix. */
export function resolveMix(mix: Mix, contracts: readonly ContractFootprint[], program: Program): Resolved {
  const { entries } = mix;
  if (entries === undefined)
    return { kind: "contracts", contracts: contracts.map((footprint) => ({ footprint, entries: uniformMix(footprint, program) })) };
  const candidates = contracts.map((footprint) => {
    const byName = new Map(callable(footprint, program).map((func) => [func.name, func]));
    return { footprint, byName, lacks: entries.filter(({ name }) => !byName.has(name)) };
  });
  const fitting = candidates.filter(({ lacks }) => lacks.length === 0);
  if (fitting.length === 0) {
    const likeliest = candidates.reduce((best, candidate) => (candidate.lacks.length < best.lacks.length ? candidate : best));
    return { kind: "unknown", entry: likeliest.lacks[0], known: [...likeliest.byName.keys()] };
  }
  const resolved = fitting.map(({ footprint, byName }) => ({
    footprint,
    entries: entries.flatMap((entry) => {
      const func = byName.get(entry.name);
      return func === undefined ? [] : [resolveEntry(entry, func, mix)];
    }),
  }));
  return mix.issues.diagnostics().length > 0 ? { kind: "failed" } : { kind: "contracts", contracts: resolved };
}

const COIN = { kind: "int", signed: false, bits: 256 } as const;

function resolveEntry({ weight, object }: NamedEntry, func: Func, { settings, issues }: Mix): MixEntry {
  const plain = plainEntry(func, weight);
  if (object === undefined) return plain;
  const [caller, value] = [object.get("caller"), object.get("value")];
  if (value !== undefined && func.mutability !== "payable") issues.report("E0830", value, { problem: `\`${func.name}\` isn't payable` });
  return {
    ...plain,
    caller: caller === undefined ? undefined : readDraw(caller, { kind: "address" }, settings, issues),
    value: value === undefined ? undefined : readDraw(value, COIN, settings, issues),
    args: readArgs(object, func, { settings, issues }),
  };
}

function readArgs(object: ObjectReader, func: Func, { settings, issues }: Pick<Mix, "settings" | "issues">): MixEntry["args"] {
  const at = object.get("args");
  const args = new Map<number, ReturnType<typeof readDraw>>();
  if (at === undefined) return args;
  const given = readObject(
    at,
    func.params.map(({ name }) => name),
    issues,
  );
  func.params.forEach(({ name, type }, i) => {
    const own: Located | undefined = given?.get(name);
    if (own !== undefined) args.set(i, readDraw(own, type, settings, issues));
  });
  return args;
}

/** `did you mean …`, or what there is. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  return near === undefined ? `it has ${known.map((candidate) => `\`${candidate}\``).join(", ") || "none"}` : `did you mean \`${near}\`?`;
}
