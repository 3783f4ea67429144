/** The blocks of a scenario in order, each made when its turn comes: nonces depend on what the block before rejected. */
import type { CallRequest, Hex } from "../../runtime/types.ts";
import type { Located } from "./reader.ts";
import type { Scenario, Source, Step, Template } from "./scenario.ts";
import { compileTemplate } from "./templates.ts";
import type { CallMaker, MadeCall, TemplateContext } from "./templates.ts";

export interface PlannedBlock {
  readonly at: Located;
  readonly title: string;
  /** Part of the setup: not measured and not counted. */
  readonly setup: boolean;
  readonly advanceTime: bigint;
  readonly calls: number;
  /** Hands over the calls one by one: all calldata of a large block at once would be a burden for the garbage collector. */
  readonly make: (nonces: Nonces, add: (call: CallRequest) => void) => void;
}

/** The next nonce of each sender, as admission will count. */
export type Nonces = Map<Hex, bigint>;

export interface Sizing {
  /** Generated calls of all blocks together; undefined: as the scenario says. */
  readonly calls: number | undefined;
  readonly blockSize: number | undefined;
}

export function planBlocks(scenario: Scenario, sizing: Sizing, context: TemplateContext): readonly PlannedBlock[] {
  const names = templateNames([...scenario.setup, ...scenario.blocks]);
  checkRepeats([...scenario.setup, ...scenario.blocks], names, context);
  const setup = scenario.setup.flatMap((step) =>
    planStep(step, { setup: true, size: sizeOf(step.source), sizing: NO_SIZING }, scenario, context),
  );
  const sizes = scaledSizes(scenario.blocks, sizing.calls);
  const blocks = scenario.blocks.flatMap((step, index) => planStep(step, { setup: false, size: sizes[index], sizing }, scenario, context));
  return [...setup, ...blocks];
}

const NO_SIZING: Sizing = { calls: undefined, blockSize: undefined };

function templateNames(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => allTemplates(step.source)).map((template) => template.name));
}

function allTemplates(source: Source): readonly Template[] {
  switch (source.kind) {
    case "list":
      return source.templates;
    case "each":
      return [source.template];
    case "mix":
      return source.mix.map((weighted) => weighted.template);
  }
}

function checkRepeats(steps: readonly Step[], names: ReadonlySet<string>, { issues }: TemplateContext): void {
  for (const template of steps.flatMap((step) => allTemplates(step.source))) {
    const { what } = template;
    if (what.kind === "again" && !names.has(what.template)) issues.report("E0823", what.at, { what: "template", name: what.template });
  }
}

/** Generated calls of one block. */
function sizeOf(source: Source): number {
  return source.kind === "mix" ? source.calls : 0;
}

/** Scales the generated blocks so that together they have about so many calls; none becomes empty. */
function scaledSizes(steps: readonly Step[], calls: number | undefined): readonly number[] {
  const sizes = steps.map((step) => sizeOf(step.source));
  const total = steps.reduce((sum, step, index) => sum + step.repeat * sizes[index], 0);
  if (calls === undefined || total === 0) return sizes;
  return sizes.map((size) => (size === 0 ? 0 : Math.max(1, Math.round((size * calls) / total))));
}

interface StepPlan {
  readonly setup: boolean;
  readonly size: number;
  readonly sizing: Sizing;
}

function planStep(step: Step, { setup, size, sizing }: StepPlan, scenario: Scenario, context: TemplateContext): readonly PlannedBlock[] {
  const { make, total } = compileSource(step.source, size, context);
  const largest = step.source.kind === "mix" ? (sizing.blockSize ?? total) : total;
  const blocks: PlannedBlock[] = [];
  for (let round = 0; round < step.repeat; round++) {
    const restart = make();
    for (let first = 0; first < total || first === 0; first += Math.max(1, largest)) {
      const calls = Math.min(largest, total - first);
      blocks.push({
        at: step.at,
        title: step.title,
        setup,
        advanceTime: first === 0 ? step.advanceTime : 0n,
        calls,
        make(nonces, add) {
          for (let i = 0; i < calls; i++) add(request(restart(), nonces, scenario));
        },
      });
    }
  }
  return blocks;
}

/** `make` begins a round: it gives a function that makes the round's calls one by one. */
function compileSource(source: Source, size: number, context: TemplateContext): { readonly make: () => CallMaker; readonly total: number } {
  switch (source.kind) {
    case "list": {
      const makers = source.templates.map((template) => compileTemplate(template, undefined, context));
      return { make: () => inOrder(makers), total: makers.length };
    }
    case "each": {
      const total = context.directory.group(source.group)?.length ?? 0;
      // A fresh maker per round: it counts the accounts.
      const first = compileTemplate(source.template, source.group, context);
      let used = false;
      const make = (): CallMaker => {
        const maker = used ? compileTemplate(source.template, source.group, context) : first;
        used = true;
        return maker;
      };
      return { make, total };
    }
    case "mix": {
      const makers = source.mix.map((weighted) => compileTemplate(weighted.template, undefined, context));
      const weights = source.mix.map((weighted) => weighted.weight);
      const sum = weights.reduce((a, b) => a + b, 0);
      const choose = (): MadeCall => makers[weightedIndex(weights, context.random.fraction() * sum)]();
      return { make: () => choose, total: size };
    }
  }
}

function inOrder(makers: readonly CallMaker[]): CallMaker {
  let next = 0;
  return () => makers[next++]();
}

function weightedIndex(weights: readonly number[], target: number): number {
  let rest = target;
  for (let i = 0; i < weights.length - 1; i++) {
    rest -= weights[i];
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

function request(call: MadeCall, nonces: Nonces, { gasLimit, gasPrice }: Scenario): CallRequest {
  const nonce = nonces.get(call.from) ?? 0n;
  if (!call.wrongNonce) nonces.set(call.from, nonce + 1n);
  const { from, to, data, value } = call;
  return { from, to, data, value, nonce: call.wrongNonce ? nonce + 1n : nonce, gasLimit, gasPrice };
}
