/** The numbers that a call draws on entry, over all contracts it is known to reach (rules T1 to T3). */
import type { Type } from "../../compiler/core/types.ts";
import type { Field } from "../../compiler/typed/tree.ts";
import { decodeAll } from "./abi.ts";
import { contextWord, immutableOf } from "./evaluate.ts";
import { largestTicket } from "./machine.ts";
import type { Run } from "./machine.ts";
import { reachMethod, reachSelector, typesOf } from "./reach.ts";
import type { Reached } from "./reach.ts";
import type { CellRef } from "./store.ts";
import { certainDraws } from "./draw-list.ts";
import { mayDraw } from "./may-draw.ts";
import { drawTickets } from "./tickets.ts";
import type { Called, Counting } from "./tickets.ts";
import { amountAt } from "./world-state.ts";
import type { Entry, State } from "./world-state.ts";

interface Counter {
  readonly cell: CellRef;
  /** Behind the last number there is. */
  readonly end: bigint;
  next: bigint;
}

const U64: Type = { kind: "int", signed: false, bits: 64 };

/** All numbers are the call's own from here on, whatever becomes of it. */
export function draw(state: State, entry: Entry, run: Run, tickets: Map<string, bigint>): void {
  if (!mayDraw(run.program, entry.func.id)) return;
  const counters = new Map<string, Counter>();
  const drawOne = (contract: string, field: Field, place: string): bigint | undefined => {
    const name = `${contract}|${field.name}`;
    const counter = counters.get(name) ?? counterOf(state, contract, field);
    counters.set(name, counter);
    const number = counter.next++;
    tickets.set(place, number);
    return number < counter.end ? number : undefined;
  };
  const counting: Counting = {
    program: run.program,
    context: (name) => contextWord(run, name),
    immutable: (field) => (entry.func.role === "init" ? undefined : immutableOf(run, field)),
    draw: (field, place) => drawOne(run.self, field, place),
    other: (target, called, trail) => {
      const found = reach(state, [run.self], target, called);
      const draws = found === "unknown" ? undefined : certainDraws(found.instance.program, found.func.id);
      draws?.forEach(({ field, place }) => drawOne(target, field, [...trail, place].join("/")));
    },
  };
  drawTickets(counting, entry.func.id, entry.args);
  for (const { cell, next, end } of counters.values()) state.store.write(cell, next > end ? end : next);
}

function counterOf(state: State, contract: string, field: Field): Counter {
  const cell: CellRef = { contract, field: field.name, keys: [], path: [], type: U64 };
  return { cell, next: amountAt(state, cell), end: largestTicket(field) + 1n };
}

/** "unknown": nobody knows what is called, or it is sure to fail. */
function reach(state: State, active: readonly string[], target: string, called: Called): Reached | "unknown" {
  if (called.kind === "method") {
    const found = reachMethod(state, active, target, called.method);
    return found.kind === "missed" ? "unknown" : found;
  }
  const { value, data } = called;
  if (typeof data !== "string" || value === undefined) return "unknown";
  const found = reachSelector(state, active, target, data.slice(0, 10));
  if (found.kind === "missed" || decodeAll(typesOf(found.func), data.slice(10)) === undefined) return "unknown";
  return found.func.mutability !== "payable" && value !== 0n ? "unknown" : found;
}
