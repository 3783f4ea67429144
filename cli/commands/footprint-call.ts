/** `weft footprint --call`: what one given call can touch, in words that can be shown before it is signed. */
import { leafName, nameLoops } from "../../compiler/footprint/show.ts";
import { placeOf, sourceLines, stageText } from "../../compiler/footprint/table.ts";
import type { SourceLines } from "../../compiler/footprint/table.ts";
import type { CallCell, CallCells, CallOut, CallValue } from "../../compiler/footprint/call-cell.ts";
import { cellsOfCall } from "../../compiler/footprint/call-cells.ts";
import { callWords, cellWords, concreteText, valueWords } from "../../compiler/footprint/call-words.ts";
import type { CallScope } from "../../compiler/footprint/call-words.ts";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import { showType } from "../../compiler/core/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { ContextName } from "../../compiler/typed/tree.ts";
import { optionTexts, readCall } from "../call/read-call.ts";
import type { CallOptions, ReadCall, Reading } from "../call/reading.ts";
import { compileFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import type { Json, Outcome } from "../outcome.ts";
import { table } from "../render/table.ts";
import type { Column } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import { selectContracts } from "../select.ts";
import { guardText } from "../../compiler/footprint/table.ts";

export async function footprintOfCall(path: string, contract: string | undefined, options: CallOptions): Promise<Outcome> {
  const file = await compileFile(path);
  if (file.analysed === undefined) return failure(file.exit, file.diagnostics, file.files);
  const { program, linked } = file.analysed;
  const chosen = selectContracts(file, linked, contract);
  if (chosen.kind === "unknown") return chosen.outcome;
  const reading: Reading = { program, footprints: chosen.contracts, diagnostics: [], names: new Map() };
  const call = readCall(reading, options);
  if (call === undefined) return failure(EXIT.usage, reading.diagnostics, new Map([...file.files, ...optionTexts(options)]));
  const found = touchedBy(call);
  const lines = sourceLines(program);
  return {
    exit: file.exit,
    json: { file: file.path, call: callJson(call), ...foundJson(call, found, lines) },
    timing: {},
    text: (theme) => foundText(call, found, lines, theme),
    note: "",
    diagnostics: file.diagnostics,
    files: file.files,
  };
}

/** Who calls, and where the contract stands, may be left out: then they stay open. */
function touchedBy({ footprint, func, args, caller, value, address }: ReadCall): CallCells {
  const plan = footprint.entries.get(func.id);
  const words = new Map<ContextName, Concrete>([["value", value]]);
  if (caller !== undefined) words.set("caller", caller);
  if (address !== undefined) words.set("self.address", address);
  const none: CallCells = { cells: [], calls: [], failures: [], rests: new Map() };
  return plan === undefined ? none : cellsOfCall(plan, { args, context: words, loops: new Map(), outside: () => undefined });
}

function scopeOf({ footprint, func, caller, address, names }: ReadCall, { rests }: CallCells, accounts: "short" | "long"): CallScope {
  const loops = nameLoops([...rests.keys()], new Set(func.params.map((param) => param.name)));
  return {
    leaves: footprint.leaves,
    params: func.params,
    call: "",
    state: "self.",
    loopName: (loop) => loops.get(loop) ?? "i",
    account: (account) => {
      const name = account === caller ? "you" : account === address ? "this contract" : names.get(account);
      return name === undefined ? account : accounts === "short" ? name : `${name} (${account})`;
    },
    accountTerm: (account) =>
      account === caller ? "caller" : account === address ? "self.address" : (names.get(account) ?? `@${account}`),
    self: address,
    rests,
  };
}

/** Who stands behind the short names. */
function accountLines({ caller, address, names }: ReadCall, text: string): readonly string[] {
  const said = (account: string): string => (names.has(account) ? `${names.get(account) ?? ""}, ${account}` : account);
  return [
    ...(caller === undefined ? [] : [`you: ${said(caller)}`]),
    ...(address === undefined ? [] : [`this contract: ${said(address)}`]),
    ...[...names]
      .filter(([account, name]) => account !== caller && account !== address && text.includes(name))
      .map(([account, name]) => `${name}: ${account}`),
  ];
}

// --- for people ------------------------------------------------------------------------------------------------------

const COLUMNS: readonly Column[] = [{ align: "left" }, { align: "left", role: "warning" }, { align: "left", role: "dim" }];

function foundText(call: ReadCall, found: CallCells, lines: SourceLines, theme: Theme): string {
  const { footprint, func, args } = call;
  const scope = scopeOf(call, found, "short");
  const shown = args.map((arg, i) => `${func.params[i].name}: ${concreteText(arg, func.params[i].type, scope)}`).join(", ");
  const head = `${footprint.contract.name}.${func.name}(${shown})`;
  const rows = [
    ...found.cells.map((cell) => [cellWords(cell, scope), openStage(cell), placeOf(lines, cell.site)]),
    ...found.calls.map((out) => [callWords(out, scope), "", placeOf(lines, out.site)]),
  ].map((row) => row.map(printable));
  const failures = found.failures.map(({ reason, site }) =>
    printable(`fails, unless it ends before: ${reason} at ${placeOf(lines, site)}`),
  );
  const used = COLUMNS.filter((_, i) => rows.some((row) => row[i] !== ""));
  const kept = rows.map((row) => row.filter((_, i) => used.includes(COLUMNS[i])));
  const body = rows.length === 0 ? ["touches no state"] : table(kept, used, theme);
  const closing = [...accountLines(call, [head, ...rows.flat()].join(" ")), found.calls.length > 0 ? BEYOND : NOTHING_ELSE];
  return `${[theme("strong", printable(head)), ...[...body, ...failures].map((line) => `  ${line}`), "", ...closing.map((line) => theme("dim", line))].join("\n")}\n`;
}

const NOTHING_ELSE = "It can touch nothing else. What hangs on state is listed as if it happened.";
const BEYOND = "It can touch nothing else of this contract; what the other contracts touch isn't known here.";

function openStage({ stage }: CallCell): string {
  return stage === 0 ? "" : stageText({ stage });
}

// --- for tools -------------------------------------------------------------------------------------------------------

function callJson({ footprint, func, args, caller, value, address }: ReadCall): Json {
  return {
    contract: footprint.contract.name,
    function: func.name,
    args: args.map((arg, i) => ({
      name: func.params[i].name,
      type: showType(func.params[i].type),
      value: jsonValue(arg, func.params[i].type),
    })),
    caller: caller ?? null,
    value: String(value),
    address: address ?? null,
  };
}

/** Numbers as text, since they may not fit a double; lists and structs as lists. */
function jsonValue(value: Concrete, type: Type): Json {
  if (typeof value !== "object") return plainText(value, type);
  if (type.kind === "list") return value.map((item) => jsonValue(item, type.element));
  if (type.kind === "struct") return value.map((item, i) => jsonValue(item, type.fields[i].type));
  return type.kind === "tuple" ? value.map((item, i) => jsonValue(item, type.elements[i].type)) : [];
}

function plainText(value: Exclude<Concrete, readonly Concrete[]>, type: Type): string {
  if (type.kind === "enum") return type.variants[Number(value)];
  if (type.kind !== "string") return String(value);
  return Buffer.from(String(value).slice(2), "hex").toString("utf8");
}

function foundJson(call: ReadCall, found: CallCells, lines: SourceLines): Readonly<Record<string, Json>> {
  const scope = scopeOf(call, found, "long");
  return {
    cells: found.cells.map((cell) => cellJson(call, cell, scope, lines)),
    calls: found.calls.map((out) => outJson(out, scope, lines)),
    failures: found.failures.map(({ reason, site }) => ({ reason, place: placeOf(lines, site) })),
  };
}

function cellJson({ footprint }: ReadCall, cell: CallCell, scope: CallScope, lines: SourceLines): Json {
  const leaf = footprint.leaves[cell.leaf];
  const { amount } = cell;
  return {
    contract: leaf.field === undefined ? null : footprint.contract.name,
    field: leaf.field?.name ?? null,
    path: leaf.pathNames,
    cell: leafName(leaf),
    keys: cell.keys.map((key) => valueJson(key, scope)),
    mode: cell.mode === "D" ? "Δ" : cell.mode,
    amount:
      amount === undefined
        ? null
        : {
            sign: amount.sign,
            ...valueJson(amount.by, scope),
            times: String(amount.times),
            atMost: amount.atMost === undefined ? null : String(amount.atMost),
          },
    times: String(cell.times),
    stage: stageText(cell),
    onlyToFail: cell.ifFails,
    condition: guardText(cell, scope),
    words: cellWords(cell, scope),
    place: placeOf(lines, cell.site),
    via: cell.via.map((site) => placeOf(lines, site)),
  };
}

/** `value` is null where nobody knows it yet; `words` says where it comes from then. */
function valueJson(value: CallValue, scope: CallScope): { readonly type: string; readonly value: string | null; readonly words: string } {
  const known = value.kind === "value" && typeof value.value !== "object" ? plainText(value.value, value.type) : null;
  return { type: showType(value.type), value: known, words: valueWords(value, scope) };
}

function outJson(out: CallOut, scope: CallScope, lines: SourceLines): Json {
  const { what, site, via } = out;
  return {
    kind: what.kind,
    target: what.kind === "create" ? null : valueJson(what.target, scope),
    name: what.kind === "create" ? what.contract : what.kind === "method" ? `${what.owner}.${what.name}` : null,
    condition: guardText(out, scope),
    words: callWords(out, scope),
    place: placeOf(lines, site),
    via: via.map((each) => placeOf(lines, each)),
  };
}
