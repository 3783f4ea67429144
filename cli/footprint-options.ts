/** The options of `weft footprint` that ask for something else than the table: one call, or the difference between two versions. */
import type { Command } from "commander";
import { Option } from "commander";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { EXIT } from "./exit.ts";
import { failure } from "./failure.ts";
import type { Outcome } from "./outcome.ts";

export interface FootprintOptions {
  readonly call?: string;
  readonly data?: string;
  readonly caller?: string;
  readonly value?: string;
  readonly address?: string;
  readonly diff?: string;
  readonly failOnLoss?: true;
}

export const FOOTPRINT_EXAMPLES = [
  "weft footprint dao.weft --call 'Dao.vote(7, true)' --caller @bob",
  "weft footprint --diff main dao.weft --fail-on-loss",
];

export function addFootprintOptions(command: Command): void {
  command
    .addOption(new Option("--call <call>", "what one call can touch: 'Token.transfer(@alice, 5)'").conflicts(["data", "diff"]))
    .addOption(new Option("--data <hex>", "the same of a call given as ABI calldata").conflicts("diff"))
    .option("--caller <account>", "who makes that call: an address, or @name; default: left open")
    .option("--value <amount>", "coin that goes with it; default: 0")
    .option("--address <account>", "where its contract stands; default: left open")
    .option("--diff <old>", "what became more or less parallel since OLD: a file, REV:PATH, or a git revision")
    .option("--fail-on-loss", "with --diff: exit with 1 when something became less parallel");
}

export function isAskedOtherwise({ call, data, diff }: FootprintOptions): boolean {
  return [call, data, diff].some((given) => given !== undefined);
}

/** `undefined`: none of them is given. */
export async function footprintAsked(file: string, name: string | undefined, options: FootprintOptions): Promise<Outcome | undefined> {
  const { call, data, caller, value, address, diff, failOnLoss } = options;
  const said =
    call !== undefined ? ({ kind: "call", text: call } as const) : data !== undefined ? ({ kind: "data", text: data } as const) : undefined;
  if (said === undefined && [caller, value, address].some((given) => given !== undefined))
    return wrong("`--caller`, `--value` and `--address` belong to a call", "say which one with `--call` or `--data`");
  if (failOnLoss === true && diff === undefined) return wrong("`--fail-on-loss` belongs to `--diff`", "name the version to compare with");
  if (diff !== undefined) {
    const onLoss = failOnLoss === true ? "fails" : "passes";
    return (await import("./commands/footprint-diff.ts")).footprintDiff({ old: diff, next: file, file: name, onLoss });
  }
  if (said !== undefined)
    return (await import("./commands/footprint-call.ts")).footprintOfCall(file, name, { said, caller, value, address });
  return undefined;
}

function wrong(problem: string, help: string): Outcome {
  return failure(EXIT.usage, [diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem }, { help })], new Map());
}
