/**
 * Warnings that are kept from one compilation to the next, for contracts whose plans and functions are the same objects as long as what the lints know of the
 * rest of the program is the same. Where something changed, what was found out about plans that stayed is kept.
 */
import type { Item, Member, SourceFile } from "../../grammar/ast.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { byPlace } from "../diagnostics/report.ts";
import type { ContractFootprint, EntryPlan } from "../footprint/footprint.ts";
import type { AddedCell } from "../lints/added-cells.ts";
import { createBodies } from "../lints/bodies.ts";
import { calledMethods } from "../lints/entries.ts";
import { lintDiagnostics, lintWith } from "../lints/run.ts";
import { calledNames, createSource, lineEnd, namesAsked, namesOf } from "../lints/source.ts";
import type { Passes } from "../pipeline.ts";
import type { Func, Program } from "../typed/tree.ts";
import { sameList } from "./reach.ts";

interface Linted {
  readonly group: readonly ContractFootprint[];
  /** All functions of these contracts, also those that no entry reaches. */
  readonly functions: readonly Func[];
  /** What the lints know of the rest of the program. */
  readonly outside: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Beyond this a lint may have reached the number of warnings it reports for a whole program. */
const MANY_WARNINGS = 150;

export function rememberLints(): Passes["lints"] {
  const known = new WeakMap<ContractFootprint, Linted>();
  const namesIn = rememberCalledNames();
  let ends = "";
  let cells = new WeakMap<EntryPlan, readonly AddedCell[]>();
  return (footprints, program, trees) => {
    const called = new Set(trees.flatMap(namesIn));
    const outside = outsideOf(program, trees, called);
    // Fixes are written with the file's line ends.
    const endsNow = trees.map(lineEnd).join("");
    if (endsNow !== ends) cells = new WeakMap();
    ends = endsNow;
    const owned = functionsByContract(program);
    // Making these costs time, too.
    let tools: Parameters<typeof lintWith>[1] | undefined;
    const lint = (group: readonly ContractFootprint[]): readonly Diagnostic[] => {
      const [first] = group;
      const functions = group.flatMap(({ contract }) => owned.get(contract.name) ?? []);
      const found = known.get(first);
      if (found?.outside === outside && sameList(found.group, group) && sameList(found.functions, functions)) return found.diagnostics;
      tools ??= { program, bodies: createBodies(program), source: createSource(trees, called), cells };
      const diagnostics = lintWith({ ...footprints, contracts: group }, tools);
      known.set(first, { group, functions, outside, diagnostics });
      return diagnostics;
    };
    const all = groupsOf(footprints.contracts, owned).flatMap(lint);
    return all.length > MANY_WARNINGS ? lintDiagnostics(footprints, program, trees) : all.sort(byPlace);
  };
}

function outsideOf(program: Program, trees: readonly SourceFile[], called: ReadonlySet<string>): string {
  const claims = program.contracts.flatMap(({ name, parallels }) =>
    parallels.map(({ left, right }) => `${name} ${left.func} ${right.func}`),
  );
  const names = trees.map((tree) => `${tree.path} ${lineEnd(tree) === "\n"} ${namesOf(tree).join(" ")}`);
  return [[...calledMethods(program)].sort(), [...called].sort(), namesAsked(trees), claims, names].map((part) => part.join(" ")).join("|");
}

function functionsByContract({ functions }: Program): ReadonlyMap<string, readonly Func[]> {
  const owned = new Map<string, Func[]>();
  for (const func of functions.values()) {
    if (func.contract === undefined) continue;
    const known = owned.get(func.contract);
    if (known === undefined) owned.set(func.contract, [func]);
    else known.push(func);
  }
  return owned;
}

/** Contracts with a mixin in common are told about its places together. */
function groupsOf(
  contracts: readonly ContractFootprint[],
  owned: ReadonlyMap<string, readonly Func[]>,
): readonly (readonly ContractFootprint[])[] {
  const groups: { readonly members: ContractFootprint[]; readonly sites: Set<string> }[] = [];
  for (const footprint of contracts) {
    const { name, fields } = footprint.contract;
    const sites = new Set([...(owned.get(name) ?? []), ...fields].map(({ site }) => `${site.path} ${site.span.start}`));
    const meeting = groups.filter((group) => [...sites].some((site) => group.sites.has(site)));
    const joined = { members: [...meeting.flatMap(({ members }) => members), footprint], sites };
    for (const group of meeting) {
      for (const site of group.sites) sites.add(site);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(joined);
  }
  return groups.map(({ members }) => contracts.filter((one) => members.includes(one)));
}

// --- names of calls --------------------------------------------------------------------------------------------------

/** Looked for in each declaration once, with what stands before it: a declaration ends with a brace or semicolon, and so does no name of a call. */
function rememberCalledNames(): (tree: SourceFile) => readonly string[] {
  const known = new WeakMap<Item | Member, { readonly text: string; readonly names: readonly string[] }>();
  return ({ text, items }) => {
    const found: string[] = [];
    let last = 0;
    const read = (node: Item | Member, end: number): void => {
      const part = text.slice(last, end);
      const before = known.get(node);
      const names = before?.text === part ? before.names : calledNames(part);
      known.set(node, { text: part, names });
      found.push(...names);
      last = end;
    };
    for (const item of items) {
      if (item.kind === "contract" || item.kind === "mixin") for (const member of item.members) read(member, member.span.end);
      read(item, item.span.end);
    }
    found.push(...calledNames(text.slice(last)));
    return found;
  };
}
