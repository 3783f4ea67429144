/** Traces as lines for people: each with its depth and its place. The chain of a failing call, or all that a test did. */
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import type { Func, Program, Site, TypedId } from "../../compiler/typed/tree.ts";
import type { FieldLayout } from "../../runtime/module.ts";
import type { CellValue, Hex, LoadedModule } from "../../runtime/types.ts";
import type { ErrorReader } from "./calls.ts";
import { failingChain, statementSites } from "./trace.ts";
import type { TraceBlock, TraceCall, TraceChange, TraceEvent, TraceFrame } from "./trace.ts";
import { showValue } from "./values.ts";
import type { Names, TestValue } from "./values.ts";

export interface TraceLine {
  readonly depth: number;
  readonly kind: "call" | "event" | "change" | "failure" | "note";
  readonly text: string;
  /** Undefined of what stands nowhere, as a change of state. */
  readonly place: { readonly file: string; readonly line: number; readonly site: Site } | undefined;
}

interface TraceText {
  /** The calls from the test's down to the one that failed, and the check there. */
  readonly chain: (call: TraceCall) => readonly TraceLine[];
  readonly all: (blocks: readonly TraceBlock[]) => readonly TraceLine[];
}

/** Values longer than this are cut: a line is for reading. */
const MAX_VALUE = 120;

export function createTraceText(
  program: Program,
  modules: ReadonlyMap<string, LoadedModule>,
  names: Names,
  reader: ErrorReader,
  contractAt: (address: Hex) => string | undefined,
): TraceText {
  const sites = statementSites(program);
  const starts = new Map<string, readonly number[]>();

  function placeOf(site: Site | undefined): TraceLine["place"] {
    if (site === undefined) return undefined;
    const known = starts.get(site.path) ?? lineStarts(program.files.find(({ path }) => path === site.path)?.text ?? "");
    starts.set(site.path, known);
    return { file: site.path, line: positionAt(known, site.span.start).line, site };
  }

  const at = (id: TypedId | undefined): TraceLine["place"] => placeOf(id === undefined ? undefined : sites.get(id));
  const shown = (value: TestValue, type: Func["result"]): string => cut(showValue(value, type, names));
  const values = (args: readonly TestValue[], params: readonly { readonly type: Func["result"] }[]): string =>
    args.map((arg, i) => shown(arg, params[i].type)).join(", ");

  function frameText({ func, args }: TraceFrame, outside: boolean): string {
    const name = outside && func.contract !== undefined ? `${func.contract}.${func.name}` : func.name;
    return func.role === "init" && outside
      ? `create ${func.contract ?? ""}(${values(args, func.params)})`
      : `${name}(${values(args, func.params)})`;
  }

  function callText({ from, value, to, target, deployment, args }: TraceCall): string {
    const inner = args === undefined || target === undefined ? "…" : values(args, target.func.params);
    const name =
      target === undefined
        ? `a call of ${address(to)}`
        : deployment
          ? `deploy ${target.contract.name}`
          : `${target.contract.name}.${target.func.name}`;
    return `${name}(${inner}) as ${address(from)}${value === 0n ? "" : ` value ${shown(value, UINT)}`}`;
  }

  function address(hex: Hex): string {
    return names.get(hex) ?? `@${hex}`;
  }

  function ending({ receipt }: TraceCall): string {
    if (receipt.status === "rejected")
      return receipt.rejection === "balance" ? "rejected: too little coin" : "rejected: the nonce doesn't fit";
    return `reverts with ${cut(reader.show(receipt.data))}`;
  }

  function result({ result: value, func }: TraceFrame): string {
    return value === undefined || func.result.kind === "unit" ? "" : ` -> ${shown(value, func.result)}`;
  }

  function chain(call: TraceCall): readonly TraceLine[] {
    const lines: TraceLine[] = [{ depth: 0, kind: "call", text: callText(call), place: placeOf(call.site) }];
    const frames = call.frame === undefined ? [] : failingChain(call.frame);
    let self = call.to;
    for (const frame of frames.slice(1)) {
      lines.push({ depth: lines.length, kind: "call", text: frameText(frame, frame.self !== self), place: at(frame.from) });
      self = frame.self;
    }
    const last = frames.at(-1);
    lines.push({ depth: lines.length, kind: "failure", text: ending(call), place: last === undefined ? undefined : at(last.at) });
    return lines;
  }

  function frameLines(frame: TraceFrame, depth: number, fails: TraceCall | undefined, out: TraceLine[]): void {
    for (const part of frame.parts) {
      if (part.kind === "event") out.push({ depth, kind: "event", text: eventText(part), place: undefined });
      else {
        const text = `${frameText(part, part.self !== frame.self)}${result(part)}`;
        out.push({ depth, kind: "call", text, place: at(part.from) });
        frameLines(part, depth + 1, fails, out);
      }
    }
    if (frame.left > 0) out.push({ depth, kind: "note", text: `… and ${frame.left} more`, place: undefined });
    const last = frame.parts.at(-1);
    const innermost = frame.result === undefined && (last?.kind !== "call" || last.result !== undefined);
    if (innermost && fails !== undefined) out.push({ depth, kind: "failure", text: ending(fails), place: at(frame.at) });
  }

  function eventText({ event, args }: TraceEvent): string {
    return `emit ${event.name}(${values(args, event.params)})`;
  }

  function callLines(call: TraceCall): readonly TraceLine[] {
    const succeeded = call.receipt.status === "success";
    const end = succeeded && call.frame !== undefined ? result(call.frame) : "";
    const out: TraceLine[] = [{ depth: 0, kind: "call", text: `${callText(call)}${end}`, place: placeOf(call.site) }];
    if (call.frame !== undefined) frameLines(call.frame, 1, succeeded ? undefined : call, out);
    else if (!succeeded) out.push({ depth: 1, kind: "failure", text: ending(call), place: undefined });
    return out;
  }

  function changeLine({ contract, cell, before, after }: TraceChange): TraceLine {
    const name = contract === undefined ? undefined : contractAt(contract);
    const layout = name === undefined ? undefined : modules.get(name)?.module.fields;
    const owner = contract === undefined ? "" : `${names.get(contract) ?? contract}.`;
    const value = (each: CellValue | undefined): string =>
      each === undefined ? "unset" : cut(showCell(each, leafOf(layout ?? [], cell), names));
    const text = `${owner}${withNames(cell, names)}: ${value(before)} -> ${value(after)}`;
    return { depth: 1, kind: "change", text, place: undefined };
  }

  return {
    chain,
    all: (blocks) => blocks.flatMap(({ calls, changes }) => [...calls.flatMap(callLines), ...changes.map(changeLine)]),
  };
}

const UINT = { kind: "int", signed: false, bits: 256 } as const;

function cut(text: string): string {
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}

function withNames(text: string, names: Names): string {
  return text.replace(/0x[0-9a-f]{40}(?![0-9a-f])/g, (found) => names.get(found) ?? found);
}

type Leaf = FieldLayout["leaves"][number];

/** The leaf that a cell's name means: keys in brackets aside it is the field, then members. */
function leafOf(fields: readonly FieldLayout[], cell: string): Leaf | undefined {
  const path = cell.replace(/\[[^\]]*\]/g, "");
  for (const field of fields) {
    const found = field.leaves.find((leaf) => [field.name, ...leaf.path].join(".") === path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function showCell(value: CellValue, leaf: Leaf | undefined, names: Names): string {
  if (leaf?.kind === "enum") return leaf.variants[Number(value)] ?? String(value);
  if (leaf?.kind === "string" && typeof value === "string") return JSON.stringify(Buffer.from(value.slice(2), "hex").toString("utf8"));
  if (leaf?.kind === "address") return names.get(String(value)) ?? `@${String(value)}`;
  return typeof value === "bigint" ? showValue(value, UINT, names) : String(value);
}
