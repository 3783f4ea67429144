/** A function on a page: signature, words, parameters and results, what it may revert with, what it emits, what it touches, and whom it waits for. */
import { selectorOf, signatureOf } from "../../compiler/codegen/abi.ts";
import type { MatrixCell } from "../../compiler/conflicts/matrix.ts";
import type { FunctionReport } from "../../compiler/conflicts/report.ts";
import type { Type } from "../../compiler/core/types.ts";
import { showType } from "../../compiler/core/types.ts";
import type { DeclaredFunction, DeclaredGroup } from "../../compiler/docgen/declarations.ts";
import { outcomesOf } from "../../compiler/docgen/outcomes.ts";
import { parseDoc } from "../../compiler/docgen/tags.ts";
import type { TaggedDoc } from "../../compiler/docgen/tags.ts";
import type { Func, Program } from "../../compiler/typed/tree.ts";
import type { Block, Blocks, Inline, Inlines } from "./blocks.ts";
import { code, commas, heading, list, paragraph, prose, text } from "./blocks.ts";
import { rowWords } from "./footprint-words.ts";
import type { Resolve } from "./inline.ts";
import { anchorOf, linkedCode } from "./names.ts";
import { parseProse } from "./prose.ts";

export interface FunctionDoc {
  readonly func: Func;
  readonly program: Program;
  readonly report: FunctionReport | undefined;
  /** As it is written; undefined for an `init` that nobody wrote. */
  readonly declared: DeclaredFunction | undefined;
  /** The mixin it comes from. */
  readonly from: DeclaredGroup | undefined;
  /** Words of its own, or of an interface or mixin; then `source` says which. */
  readonly doc: string;
  readonly source: DeclaredGroup | undefined;
  /** Its pairs with all functions of the contract. */
  readonly pairs: readonly MatrixCell[];
  readonly resolve: Resolve;
  /** Where the page of an interface or mixin is. */
  readonly groupLink: (group: DeclaredGroup) => Inline;
}

const ACCESS = { view: "view fn", write: "pub fn", payable: "payable fn" } as const;

export function functionBlocks(doc: FunctionDoc): Blocks {
  const { func, from, source, resolve, groupLink } = doc;
  const tagged = parseDoc(doc.doc);
  const origin: Inlines = [
    ...(from === undefined ? [] : [text("From mixin "), groupLink(from), text(".")]),
    ...(source === undefined ? [] : [text(`${from === undefined ? "" : " "}Described by ${source.kind} `), groupLink(source), text(".")]),
  ];
  return [
    heading(3, anchorOf("fn", func.name), code(func.name)),
    paragraph(linkedCode(signatureText(doc), resolve)),
    ...(origin.length === 0 ? [] : [paragraph({ kind: "dim", inlines: origin })]),
    ...parseProse(tagged.text, { level: 3, resolve }),
    ...parseProse(tagged.details, { level: 3, resolve }),
    ...valueTable(doc, tagged),
    ...endings(doc),
    ...touched(doc),
    ...waits(doc),
    ...(func.role === "init"
      ? []
      : [paragraph({ kind: "dim", inlines: [text("Selector "), code(selectorOf(func)), text(" of "), code(signatureOf(func))] })]),
  ];
}

function signatureText({ func, declared }: FunctionDoc): string {
  const params = func.params.map(({ name, type }) => `${name}: ${showType(type)}`).join(", ");
  const start = func.role === "init" ? `${func.mutability === "payable" ? "payable " : ""}init` : `${ACCESS[func.mutability]} ${func.name}`;
  const result = func.result.kind === "unit" ? "" : ` -> ${showType(func.result)}`;
  const guards = declared === undefined || declared.guards.length === 0 ? "" : ` with ${declared.guards.join(", ")}`;
  return `${start}(${params})${result}${guards}`;
}

function valueTable({ func, resolve }: FunctionDoc, tagged: TaggedDoc): Blocks {
  const words = (said: string): Inlines =>
    parseProse(said, { level: 3, resolve }).flatMap((block) => (block.kind === "paragraph" ? block.inlines : []));
  const row = (role: string, name: string, type: Type, said: string): readonly Inlines[] => [
    [text(role)],
    name === "" ? [] : [code(name)],
    [linkedCode(showType(type), resolve)],
    words(said),
  ];
  const results =
    func.result.kind === "unit" ? [] : func.result.kind === "tuple" ? func.result.elements : [{ name: undefined, type: func.result }];
  const rows = [
    ...func.params.map(({ name, type }) => row("takes", name, type, tagged.params.get(name) ?? "")),
    ...results.map(({ name, type }, i) => row("gives", name ?? "", type, withoutName(tagged.returns.at(i) ?? "", name))),
  ];
  if (rows.length === 0) return [];
  const hasWords = rows.some((cells) => cells[3].length > 0);
  const head = ["", "Name", "Type", ...(hasWords ? ["Means"] : [])].map((each): Inlines => [text(each)]);
  return [{ kind: "table", head, rows: rows.map((cells) => cells.slice(0, head.length)) }];
}

/** \`@return yes the power behind it\` names the result first, as Solidity has it. */
function withoutName(said: string, name: string | undefined): string {
  return name !== undefined && said.startsWith(`${name} `) ? said.slice(name.length + 1) : said;
}

function endings({ func, program, resolve }: FunctionDoc): Blocks {
  const { errors, events, builtIn, empty, outward } = outcomesOf(func, program);
  const named = (name: string): Inline => code(name, resolve(name));
  const reverts: Inlines[] = [
    ...errors.map(({ name }): Inlines => [named(name)]),
    ...builtIn.map((error): Inlines => [code(error.text), text(`: ${error.why}`)]),
    ...(empty ? [[text("without data")]] : []),
    ...(outward ? [[text("with the errors of the contracts that it calls")]] : []),
  ];
  const emits =
    events.length === 0
      ? []
      : [paragraph({ kind: "strong", inlines: [text("Emits")] }, text(" "), ...commas(events.map(({ name }) => named(name))))];
  if (reverts.length === 0) return [paragraph(text("Never reverts by itself.")), ...emits];
  return [paragraph({ kind: "strong", inlines: [text("May revert with")] }), ...list(reverts), ...emits];
}

function touched({ report }: FunctionDoc): Blocks {
  if (report === undefined) return [];
  const { rows, cost, undo, more } = report;
  const about = [`Costs at most \`${cost}\``, ...(undo === "" ? [] : [undo])].join("; ");
  if (rows.length === 0) return [paragraph({ kind: "strong", inlines: [text("Touches")] }, text(" no state. "), ...prose(`${about}.`))];
  const lines = distinct(rows.map(rowWords));
  return [
    paragraph({ kind: "strong", inlines: [text("Touches")] }),
    ...list([...lines, ...(more === 0 ? [] : [[text(`and ${more} more`)]])]),
    paragraph({ kind: "dim", inlines: prose(`${about}.`) }),
  ];
}

function distinct(lines: readonly Inlines[]): readonly Inlines[] {
  return [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()];
}

/** Functions named in one line; more are for `weft conflicts`. */
const MAX_NAMES = 40;

function waits({ func, pairs, resolve }: FunctionDoc): Blocks {
  if (pairs.length === 0 || func.role === "init") return [];
  const other = ({ left, right }: MatrixCell): string => (left === func.name ? right : left);
  const link = (pair: MatrixCell): Inline => code(other(pair), resolve(`self.${other(pair)}`));
  const free = pairs.filter(({ symbol }) => symbol === "never");
  const adding = pairs.filter(({ symbol }) => symbol === "escrow");
  const waiting = pairs.filter(({ symbol }) => symbol !== "never" && symbol !== "escrow");
  const names = (all: readonly MatrixCell[]): Inlines => [
    ...commas(all.slice(0, MAX_NAMES).map(link)),
    ...(all.length > MAX_NAMES ? [text(` and ${all.length - MAX_NAMES} more`)] : []),
  ];
  const lines: Inlines[] = [
    ...(free.length === 0 ? [] : [[text("never for "), ...names(free)]]),
    ...(adding.length === 0 ? [] : [[text("not for "), ...names(adding), text(", while the sums clear: both only add to the same cells")]]),
    ...waiting.slice(0, MAX_NAMES).map((pair): Inlines => [text("for "), link(pair), ...condition(pair)]),
  ];
  const note: Block[] = waiting.some(({ symbol }) => symbol === "sometimes")
    ? [paragraph({ kind: "dim", inlines: prose("`a` is the call of the function that is declared first, `b` the other one.") })]
    : [];
  return [paragraph({ kind: "strong", inlines: [text("Waits")] }), ...list(lines), ...note];
}

function condition({ symbol, condition: when }: MatrixCell): Inlines {
  if (symbol === "always") return [text(" always")];
  if (symbol === "unknown") return [text(" when they meet in other contracts: "), code(when)];
  return [text(" when "), code(when)];
}
