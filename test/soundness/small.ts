/** Makes the history that shows a fault small: leaves out blocks, then calls, as long as something is still wrong. Bounded, as each try is a run. */
import { loadAll } from "../helpers/chains.ts";
import type { ArgSpec, BlockSpec, CallSpec } from "../helpers/call-spec.ts";
import { playAlone } from "./round.ts";
import type { Fault } from "./round.ts";

const MAX_TRIES = 150;

export interface SmallFault {
  readonly message: string;
  readonly blocks: readonly BlockSpec[];
}

/** Undefined when the fault doesn't come back alone. */
export async function makeSmall(fault: Fault): Promise<SmallFault | undefined> {
  const modules = await loadAll(fault.subject.compiled);
  let tries = 0;
  const attempt = async (blocks: readonly BlockSpec[]): Promise<SmallFault | undefined> => {
    if (tries++ >= MAX_TRIES) return undefined;
    const message = await playAlone(fault, blocks, modules);
    return message === undefined ? undefined : { message, blocks };
  };
  const first = await attempt(fault.blocks);
  if (first === undefined) return undefined;
  const fewer = await withoutParts(first, (blocks) => blocks.map((block) => [block]), attempt);
  return await withoutParts(
    fewer,
    (blocks) => blocks.flatMap(({ calls, advance }) => calls.map((call) => [{ calls: [call], advance }])),
    attempt,
  );
}

/** Takes the history for a list of parts and leaves out as many in a row as possible: halves first, single ones last. */
async function withoutParts(
  start: SmallFault,
  partsOf: (blocks: readonly BlockSpec[]) => readonly (readonly BlockSpec[])[],
  attempt: (blocks: readonly BlockSpec[]) => Promise<SmallFault | undefined>,
): Promise<SmallFault> {
  let best = start;
  // Calls of one block stay in one block: where a part was cut out of it, its rest is put together again.
  const whole = start.blocks.map(({ calls }) => new Set(calls));
  for (let size = Math.ceil(partsOf(best.blocks).length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < partsOf(best.blocks).length;) {
      const parts = partsOf(best.blocks);
      const rest = [...parts.slice(0, from), ...parts.slice(from + size)].flat();
      const found = await attempt(joined(rest, whole));
      if (found === undefined) from += size;
      else best = found;
    }
  }
  return best;
}

function joined(parts: readonly BlockSpec[], whole: readonly ReadonlySet<CallSpec>[]): readonly BlockSpec[] {
  const blocks: { readonly of: number; readonly calls: CallSpec[]; readonly advance: bigint }[] = [];
  for (const { calls, advance } of parts) {
    const of = whole.findIndex((set) => calls.some((call) => set.has(call)));
    const last = blocks.at(-1);
    if (last !== undefined && last.of === of) last.calls.push(...calls);
    else blocks.push({ of, calls: [...calls], advance });
  }
  return blocks;
}

/** One line per call. */
export function showBlocks(blocks: readonly BlockSpec[]): string {
  return blocks.map(({ calls, advance }, i) => [`block ${i}, ${advance} s later`, ...calls.map(showCall)].join("\n")).join("\n");
}

function showCall({ from, to, func, args, value, nonce, gas, gasPrice, damage }: CallSpec): string {
  const coin = value.kind === "exact" ? (value.value === 0n ? "" : ` with coin ${value.value}`) : ` with coin ${value.kind}`;
  const odd = [nonce === "next" ? "" : `nonce ${nonce}`, gas === "plenty" ? "" : `gas ${gas}`, gasPrice === 0n ? "" : `price ${gasPrice}`];
  const harm = damage.kind === "none" ? [] : [`damage ${damage.kind}`];
  return [
    `  account ${from} to contract ${to}: ${func}(${args.map(showArg).join(", ")})${coin}`,
    ...odd.filter((text) => text !== ""),
    ...harm,
  ].join(", ");
}

function showArg(arg: ArgSpec): string {
  switch (arg.kind) {
    case "who":
      return `who ${arg.index}`;
    case "amount":
      return arg.amount.kind === "exact" ? String(arg.amount.value) : arg.amount.kind;
    case "yes":
      return String(arg.value);
    case "text":
      return `text of ${arg.length}`;
    case "many":
      return `[${arg.items.map(showArg).join(", ")}]`;
  }
}
