/** What emission of one plan function shares: names of arguments, of values read so far and of slots, and where the next line goes. */
import { Bug } from "../core/bug.ts";
import { externalTerms } from "../footprint/analyse.ts";
import type { ArgHead, EntryPlan, LoopId, PlanStep, ReadId, Term, TicketId, WordRef } from "../footprint/footprint.ts";
import { primary, within, type Code } from "./code.ts";
import { definition, type Line } from "./lines.ts";
import type { FunctionNames } from "./names.ts";
import { offsetText } from "./exec-scope.ts";
import type { ModuleScope } from "./scope.ts";

/** An expression of a plan; `maybe`: it can be `undefined`. */
export interface PlanCode extends Code {
  readonly maybe: boolean;
}

export const UNKNOWN: PlanCode = { ...primary("undefined"), maybe: true };

export function known(code: Code): PlanCode {
  return { ...code, maybe: false };
}

export function uncertain(code: Code): PlanCode {
  return { ...code, maybe: true };
}

/** As an argument. */
export function textOf(code: PlanCode): string {
  return within(code, 1);
}

export interface ArgNames {
  readonly head: ArgHead;
  /** The value; for lists of addresses the start of the region of ids. */
  readonly value: string;
  /** Number of elements or bytes. */
  readonly length: string;
  /** The value as a double, rounded up: the bound of an amount. */
  readonly up: string;
}

export interface LoopNames {
  /** Counts rounds from 0. */
  readonly count: string;
  /** Start of the current round's region. */
  readonly region: string;
  /** The loop's index as the author's code sees it. */
  readonly index: PlanCode;
  /** Parameter and path of the list that it runs over. */
  readonly list: Term | undefined;
}

export interface PlanScope {
  readonly module: ModuleScope;
  readonly entry: EntryPlan;
  readonly names: FunctionNames;
  readonly args: readonly ArgNames[];
  readonly loops: Map<LoopId, LoopNames>;
  readonly reads: Map<ReadId, { readonly value: string; readonly slot: string | undefined }>;
  readonly tickets: Map<TicketId, string>;
  /** The value of a packed cell that was read. */
  readonly packed: (read: ReadId) => Code;
  /** Values that are used outside of the block that reads them: declared at the top of the function or of the round. */
  readonly spread: { readonly reads: ReadonlySet<ReadId>; readonly tickets: ReadonlySet<TicketId> };
  /** Definitions by what they stand for, one map per open block, innermost last. */
  readonly known: readonly Map<string, string>[];
  /** Conditions of the branches around: here they are true, or nobody knows. */
  readonly given: readonly Term[];
  /** Arguments may be unknown: the plan of a callee whose caller doesn't know them yet. */
  readonly open: boolean;
  /** A term as an expression: the parts of a term that have files of their own come back to the whole by this. */
  readonly term: (scope: PlanScope, term: Term) => PlanCode;
  /** Where lines go. */
  readonly out: Line[];
  /** Declarations at the top of the function or of the round. */
  readonly top: Line[];
}

/** The same scope, for the lines of a block inside. */
export function inner(scope: PlanScope): PlanScope {
  return { ...scope, known: [...scope.known, new Map<string, string>()], out: [] };
}

/** The variable for a value that is computed once per block: slots, immutables. */
export function once(scope: PlanScope, key: string, kind: string, text: (name: string) => string): string {
  for (const known of scope.known) {
    const name = known.get(key);
    if (name !== undefined) return name;
  }
  const name = scope.names.temporary(kind);
  scope.out.push(definition([name], text(name), undefined));
  scope.known.at(-1)?.set(key, name);
  return name;
}

export function wordRefText(scope: PlanScope, word: WordRef): string {
  if (word.loop === undefined) return offsetText("b", word.offset);
  return offsetText(loopOf(scope, word.loop).region, word.offset);
}

export function loopOf(scope: PlanScope, loop: LoopId): LoopNames {
  const names = scope.loops.get(loop);
  if (names === undefined) throw new Bug(`codegen: loop ${String(loop)} isn't open`);
  return names;
}

/** Reads and tickets that a block yields and that something outside of the block uses. */
export function spreadOf(steps: readonly PlanStep[]): PlanScope["spread"] {
  const reads = new Set<ReadId>();
  const tickets = new Set<TicketId>();
  const open: { readonly reads: Set<ReadId>; readonly tickets: Set<TicketId> }[] = [];
  const use = (term: Term | undefined): void => {
    if (term === undefined) return;
    forEachPart(term, (part) => {
      if (part.kind === "read" && !open.some((block) => block.reads.has(part.read))) reads.add(part.read);
      if (part.kind === "ticket" && !open.some((block) => block.tickets.has(part.ticket))) tickets.add(part.ticket);
    });
  };
  const block = (inside: readonly PlanStep[]): void => {
    open.push({ reads: new Set(), tickets: new Set() });
    for (const step of inside) visit(step);
    open.pop();
  };
  const visit = (step: PlanStep): void => {
    switch (step.kind) {
      case "access":
        step.keys.forEach(use);
        if (step.mode.kind === "delta") [step.mode.amount, step.mode.floor, step.mode.ceiling].forEach(use);
        if (step.read !== undefined) open.at(-1)?.reads.add(step.read);
        return;
      case "ticket":
        open.at(-1)?.tickets.add(step.ticket);
        return;
      case "branch":
        use(step.cond);
        block(step.then);
        block(step.otherwise);
        return;
      case "loop":
        if (step.over.kind === "list") use(step.over.list);
        if (step.over.kind === "range") [step.over.from, step.over.to].forEach(use);
        block(step.body);
        return;
      case "stop":
        use(step.unless);
        return;
      case "external":
        externalTerms(step).forEach(use);
        return;
      case "receive":
      case "create":
      case "sure":
        return;
    }
  };
  block(steps);
  return { reads, tickets };
}

/** Parts whose value the term's own value depends on: not the keys of a read, which stands in its variable. */
function forEachPart(term: Term, visit: (part: Term) => void): void {
  visit(term);
  switch (term.kind) {
    case "length":
      forEachPart(term.of, visit);
      return;
    case "member":
    case "isVariant":
    case "payload":
      forEachPart(term.of, visit);
      return;
    case "made":
      for (const part of term.parts) forEachPart(part, visit);
      return;
    case "decoded":
      forEachPart(term.data, visit);
      return;
    case "past":
      for (const key of term.keys) forEachPart(key, visit);
      forEachPart(term.height, visit);
      return;
    case "element":
      forEachPart(term.list, visit);
      forEachPart(term.index, visit);
      return;
    case "op":
      for (const arg of term.args) forEachPart(arg, visit);
      return;
    case "if":
      forEachPart(term.cond, visit);
      forEachPart(term.then, visit);
      forEachPart(term.otherwise, visit);
      return;
    default:
      return;
  }
}
