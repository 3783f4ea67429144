/** The page of a contract. */
import type { AbiEntry } from "../../compiler/codegen/abi.ts";
import { abiOf, selectorOf, signatureOf, topicOf } from "../../compiler/codegen/abi.ts";
import { reachableFrom } from "../../compiler/codegen/reachable.ts";
import { contractReport } from "../../compiler/conflicts/report.ts";
import type { ContractReport } from "../../compiler/conflicts/report.ts";
import { functionOf } from "../../compiler/conflicts/matrix.ts";
import { abiSignature, selectorOf as selectorOfSignature } from "../../compiler/core/selector.ts";
import { showType } from "../../compiler/core/types.ts";
import type { DeclaredFunction, DeclaredGroup, FileDeclarations } from "../../compiler/docgen/declarations.ts";
import { parseDoc } from "../../compiler/docgen/tags.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract, ErrorDef, EventDef, Func } from "../../compiler/typed/tree.ts";
import { count } from "../failure.ts";
import type { Block, Blocks, DocPage, Inline, Inlines } from "./blocks.ts";
import { code, commas, heading, list, paragraph, prose, text } from "./blocks.ts";
import { functionBlocks } from "./function.ts";
import type { FunctionDoc } from "./function.ts";
import type { Resolve } from "./inline.ts";
import { anchorOf, linkedCode } from "./names.ts";
import type { Names } from "./names.ts";
import { parseProse } from "./prose.ts";

export interface ContractInput {
  readonly contract: Contract;
  readonly declared: DeclaredGroup;
  readonly compiled: Compiled;
  readonly files: readonly FileDeclarations[];
  readonly names: Names;
}

export interface ContractPage extends DocPage {
  readonly abi: readonly AbiEntry[];
}

export function contractPage(input: ContractInput): ContractPage {
  const { contract, declared, compiled, names } = input;
  const { program, linked } = compiled;
  const used = reachableFrom(contract, program);
  const funcs = contract.external.map((id) => functionOf(program, id));
  const resolve = onPage(names, declared, { funcs, fields: contract.fields, events: used.events, errors: used.errors });
  const footprint = linked.find((each) => each.contract.name === contract.name);
  const report = footprint === undefined ? undefined : contractReport(footprint, compiled);
  const docs = (func: Func): Blocks => functionBlocks(functionDoc(func, input, report, resolve));
  const abi = abiOf(contract, program);
  const blocks: readonly Block[] = [
    heading(1, anchorOf("contract", contract.name), text("Contract "), code(contract.name)),
    ...opening(input, resolve),
    ...section("init", "Deployment", docs(functionOf(program, contract.init))),
    ...section("functions", "Functions", funcs.filter(({ role }) => role !== "getter").flatMap(docs)),
    ...section("state", "State", stateBlocks(contract, funcs, resolve)),
    ...section(
      "events",
      "Events",
      used.events.flatMap((event) => eventBlocks(event, resolve)),
    ),
    ...section(
      "errors",
      "Errors",
      used.errors.flatMap((error) => errorBlocks(error, resolve)),
    ),
    ...section("parallel", "What runs in parallel", report === undefined ? [] : parallelBlocks(report)),
    ...section("invariants", "Invariants", invariantBlocks(contract, compiled, resolve)),
    ...section("abi", "ABI", [
      paragraph(text("The same as "), code(`${names.pageOf(declared)}.abi.json`), text(".")),
      {
        kind: "details",
        summary: count(abi.length, "entry", "entries"),
        blocks: [{ kind: "fence", language: "json", text: JSON.stringify(abi, undefined, 2) }],
      },
    ]),
  ];
  return { page: names.pageOf(declared), title: contract.name, group: "contracts", blocks, abi };
}

/** What this page describes, wherever it is declared, is found here first. */
function onPage(
  names: Names,
  declared: DeclaredGroup,
  { funcs, fields, events, errors }: Pick<Contract, "fields" | "events" | "errors"> & { readonly funcs: readonly Func[] },
): Resolve {
  const page = names.pageOf(declared);
  const anchors = new Map([
    ...fields.map(({ name }) => [name, anchorOf("state", name)] as const),
    ...events.map(({ name }) => [name, anchorOf("event", name)] as const),
    ...errors.map(({ name }) => [name, anchorOf("error", name)] as const),
    ...funcs.filter(({ role }) => role !== "getter").map(({ name }) => [name, anchorOf("fn", name)] as const),
  ]);
  const elsewhere = names.resolver(declared.path, declared);
  return (said) => {
    const anchor = anchors.get(said.replace(/^self\./, ""));
    return anchor === undefined ? elsewhere(said) : { kind: "page", page, anchor };
  };
}

function section(id: string, title: string, blocks: Blocks): Blocks {
  return blocks.length === 0 ? [] : [heading(2, `view-${id}`, text(title)), ...blocks];
}

/** The words about it; those at the top of its file, if it has none and is alone there. */
export function docOf({ doc, path }: DeclaredGroup, files: readonly FileDeclarations[]): string {
  const file = files.find((each) => each.path === path);
  const alone = file?.groups.filter(({ kind }) => kind === "contract").length === 1;
  return doc !== "" || file === undefined || !alone ? doc : file.doc;
}

function opening({ declared, files, names }: ContractInput, resolve: Resolve): Blocks {
  const tagged = parseDoc(docOf(declared, files));
  const groups = (words: string, all: readonly string[]): Blocks =>
    all.length === 0
      ? []
      : [paragraph(text(`${words} `), ...commas(all.map((name) => code(name, names.resolver(declared.path, undefined)(name)))), text("."))];
  return [
    ...(tagged.title === "" ? [] : [paragraph({ kind: "strong", inlines: [text(tagged.title)] })]),
    ...parseProse(tagged.text, { level: 1, resolve }),
    ...parseProse(tagged.details, { level: 1, resolve }),
    ...groups("It uses", declared.uses),
    ...groups("It implements", declared.implements),
    paragraph({
      kind: "dim",
      inlines: [
        text("Declared in "),
        code(`${declared.path}:${declared.line}`),
        ...(tagged.author === "" ? [] : [text(` by ${tagged.author}`)]),
        text("."),
      ],
    }),
  ];
}

// --- functions -------------------------------------------------------------------------------------------------------

function functionDoc(func: Func, input: ContractInput, report: ContractReport | undefined, resolve: Resolve): FunctionDoc {
  const { declared, compiled, files, names } = input;
  const groups = files.flatMap((file) => file.groups);
  const at = declarationOf(func, groups);
  const from = at === undefined || (at.group.path === declared.path && at.group.name === declared.name) ? undefined : at.group;
  const asked = parseDoc(func.doc);
  const elsewhere = asked.text === "" && func.role !== "init" ? inheritedFrom(func, declared, asked.inherits, groups) : undefined;
  const row = report?.matrix.functions.indexOf(func.name) ?? -1;
  const pairs = row === -1 ? [] : (report?.matrix.rows.flat() ?? []).filter(({ left, right }) => left === func.name || right === func.name);
  return {
    func,
    program: compiled.program,
    report: report?.functions.find((each) => each.func === func.id),
    declared: at?.declared,
    from,
    doc: elsewhere?.doc ?? func.doc,
    source: elsewhere?.group,
    pairs,
    resolve,
    groupLink: (group): Inline => code(group.name, names.resolver(group.path, undefined)(group.name)),
  };
}

interface Place {
  readonly group: DeclaredGroup;
  readonly declared: DeclaredFunction;
}

/** Functions of mixins are copied into contracts, and keep their place. */
function declarationOf({ name, nameSite }: Func, groups: readonly DeclaredGroup[]): Place | undefined {
  for (const group of groups) {
    if (group.path !== nameSite.path || group.kind === "interface") continue;
    const declared = group.functions.find((each) => each.name === name && each.start !== "guard" && each.offset === nameSite.span.start);
    if (declared !== undefined) return { group, declared };
  }
  return undefined;
}

/** A function without words of its own has those of an interface that the contract implements, or of the group that \`@inheritdoc\` names. */
function inheritedFrom(
  func: Func,
  declared: DeclaredGroup,
  named: string,
  groups: readonly DeclaredGroup[],
): { readonly doc: string; readonly group: DeclaredGroup } | undefined {
  const wanted = named === "" ? declared.implements : [named];
  for (const group of groups) {
    if (!wanted.includes(group.name)) continue;
    const found = group.functions.find((each) => each.name === func.name && each.params.length === func.params.length && each.doc !== "");
    if (found !== undefined) return { doc: found.doc, group };
  }
  return undefined;
}

// --- state, events, errors -------------------------------------------------------------------------------------------

function stateBlocks({ fields }: Contract, funcs: readonly Func[], resolve: Resolve): Blocks {
  return fields.flatMap((field): Blocks => {
    const getter = funcs.find(({ role, name }) => role === "getter" && name === field.name);
    const own = funcs.some(({ role, name }) => role !== "getter" && name === field.name);
    const read: Inlines =
      getter !== undefined
        ? [text("Read by "), code(signatureOf(getter)), text(", selector "), code(selectorOf(getter)), text(".")]
        : [text(own ? "Read by the function of its name." : "It has no getter.")];
    return [
      heading(3, anchorOf("state", field.name), code(field.name)),
      paragraph(linkedCode(`${field.kind} ${field.name}: ${showType(field.type)}`, resolve)),
      ...parseProse(parseDoc(field.doc).text, { level: 3, resolve }),
      paragraph({ kind: "dim", inlines: read }),
    ];
  });
}

function eventBlocks(event: EventDef, resolve: Resolve): Blocks {
  const params = event.params.map(({ name, type, indexed }) => `${indexed ? "indexed " : ""}${name}: ${showType(type)}`).join(", ");
  return [
    heading(3, anchorOf("event", event.name), code(event.name)),
    paragraph(linkedCode(`event ${event.name}(${params})`, resolve)),
    ...describedParams(event.doc, resolve),
    paragraph({ kind: "dim", inlines: [text("Topic "), code(topicOf(event))] }),
  ];
}

function errorBlocks(error: ErrorDef, resolve: Resolve): Blocks {
  const params = error.params.map(({ name, type }) => `${name}: ${showType(type)}`).join(", ");
  const signature = abiSignature(
    error.name,
    error.params.map(({ type }) => type),
  );
  return [
    heading(3, anchorOf("error", error.name), code(error.name)),
    paragraph(linkedCode(`error ${error.name}(${params})`, resolve)),
    ...describedParams(error.doc, resolve),
    paragraph({ kind: "dim", inlines: [text("Selector "), code(selectorOfSignature(signature)), text(" of "), code(signature)] }),
  ];
}

export function describedParams(doc: string, resolve: Resolve): Blocks {
  const tagged = parseDoc(doc);
  const words = (said: string): Inlines =>
    parseProse(said, { level: 3, resolve }).flatMap((block) => (block.kind === "paragraph" ? block.inlines : []));
  return [
    ...parseProse(tagged.text, { level: 3, resolve }),
    ...parseProse(tagged.details, { level: 3, resolve }),
    ...list([...tagged.params].map(([name, said]): Inlines => [code(name), text(": "), ...words(said)])),
  ];
}

// --- parallelism -----------------------------------------------------------------------------------------------------

function parallelBlocks({ claims, matrix, moreClaims }: ContractReport): Blocks {
  const cells = matrix.rows.flat();
  if (cells.length === 0) return [];
  const of = (wanted: (symbol: string) => boolean): number => cells.filter(({ symbol }) => wanted(symbol)).length;
  const never = of((symbol) => symbol === "never" || symbol === "escrow");
  const always = of((symbol) => symbol === "always");
  const sentence = `Of ${count(cells.length, "pair")} of functions, calls of ${never} never wait for each other, of ${always} always, and of ${cells.length - never - always} on a condition. \`weft conflicts --html\` shows each.`;
  const asserted: Blocks =
    claims.length === 0
      ? []
      : [
          paragraph(text("The contract asserts, and the compiler has proved:")),
          {
            kind: "fence",
            language: "weft",
            text: claims.map(({ text: claim, proved }) => (proved ? claim : `${claim} // not proved`)).join("\n"),
          },
          ...(moreClaims === 0 ? [] : [paragraph(text(`and ${moreClaims} more.`))]),
        ];
  return [paragraph(...prose(sentence)), ...asserted];
}

function invariantBlocks({ invariants }: Contract, { program }: Compiled, resolve: Resolve): Blocks {
  return invariants.flatMap((id): Blocks => {
    const func = functionOf(program, id);
    return [heading(3, anchorOf("invariant", func.name), code(func.name)), ...parseProse(parseDoc(func.doc).text, { level: 3, resolve })];
  });
}
