/** Reads and writes of cells in a plan: the access step, forwarding of the call's own writes (rule S4), and what is remembered of reads. */
import type { Type } from "../core/types.ts";
import type { Site } from "../typed/tree.ts";
import { limited, MAX_MEMORY, nextRead, pushStep, unknown, type AccessWord, type Activation, type Context } from "./context.ts";
import type { Leaf, Mode, Term } from "./footprint.ts";
import type { Change, OwnWrite, State } from "./state.ts";
import { noteAdd } from "./sure.ts";
import {
  BOOL,
  choice,
  isStatic,
  isTrue,
  ofState,
  operation,
  sameTerm,
  substitute,
  surelyDiffer,
  TRUE,
  unknownPart,
  withoutMarks,
} from "./algebra.ts";

/** Plans a read and gives the value read, own writes included. */
export function readLeaf(
  context: Context,
  a: Activation,
  leaf: Leaf,
  keys: readonly Term[],
  word: AccessWord,
  site: Site,
  state: State,
): Term {
  const known = keysKnown(keys, state);
  const earlier = state.reads.find((read) => read.leaf === leaf.index && sameKeys(read.keys, known));
  const read = earlier === undefined ? nextRead(context) : undefined;
  const mode: Mode = a.elseOf === undefined ? { kind: "read" } : { kind: "readElse", of: a.elseOf };
  access(context, a, leaf, known, mode, word, site, state, read);
  if (earlier !== undefined) return seen(context, forwarded(state.writes, leaf, known, earlier.term, site));
  if (read === undefined) return unknown("a value read from state", site, leaf.type);
  const term: Term = { kind: "read", read, leaf: leaf.index, keys: known, type: leaf.type };
  // A read that happens only when its Δ isn't cleared has no value for others.
  if (a.elseOf === undefined) state.reads = [...state.reads.slice(1 - MAX_MEMORY), { leaf: leaf.index, keys: known, term }];
  return seen(context, forwarded(state.writes, leaf, known, term, site));
}

function keysKnown(keys: readonly Term[], state: State): readonly Term[] {
  return keys.map((key) => withoutMarks(substitute(key, state.refined)));
}

/** What was read, however well it is known, was read from state. */
export function seen(context: Context, term: Term): Term {
  return context.drawsTickets && isStatic(term) ? ofState(term) : term;
}

/** Plans a write and gives what the cell held before, own writes included. */
export function writeSeen(
  context: Context,
  a: Activation,
  leaf: Leaf,
  keys: readonly Term[],
  mode: Mode,
  change: Change,
  word: AccessWord,
  site: Site,
  state: State,
): Term {
  const known = keysKnown(keys, state);
  const read = a.repeated ? undefined : nextRead(context);
  const term: Term =
    read === undefined
      ? unknown("a value that a loop may change", site, leaf.type)
      : { kind: "read", read, leaf: leaf.index, keys: known, type: leaf.type };
  const before = forwarded(state.writes, leaf, known, term, site);
  writeLeaf(context, a, leaf, keys, mode, change, word, site, state, read);
  return before;
}

/** Plans a write or a Δ; `change` is what it does to the cell. */
export function writeLeaf(
  context: Context,
  a: Activation,
  leaf: Leaf,
  keys: readonly Term[],
  mode: Mode,
  change: Change,
  word: AccessWord,
  site: Site,
  state: State,
  read?: Extract<Term, { kind: "read" }>["read"],
): void {
  const known = keysKnown(keys, state);
  access(context, a, leaf, known, mode, word, site, state, read);
  const earlier = state.writes.length < MAX_MEMORY ? state.writes : collapsed(context, state.writes, site);
  state.writes = [...earlier, { leaf: leaf.index, keys: known, change, when: undefined }];
  state.reads = state.reads.filter((read) => read.leaf !== leaf.index || read.keys.some((key, i) => surelyDiffer(key, known[i])));
}

/** Exec needs the slot, but the cell as it is now isn't touched: a value of a past block. Gives the keys as far as they are known. */
export function pastLeaf(
  context: Context,
  a: Activation,
  leaf: Leaf,
  keys: readonly Term[],
  word: AccessWord,
  site: Site,
  state: State,
): readonly Term[] {
  const known = keysKnown(keys, state);
  access(context, a, leaf, known, { kind: "past" }, word, site, state, undefined);
  return known;
}

function access(
  context: Context,
  a: Activation,
  leaf: Leaf,
  keys: readonly Term[],
  mode: Mode,
  word: AccessWord,
  site: Site,
  state: State,
  read: Extract<Term, { kind: "read" }>["read"] | undefined,
): void {
  // Such a key is computed when the call gets there; until then it may be any of its field.
  if (keys.some((key) => unknownPart(key) !== undefined)) a.frame.wide.add(word.node);
  noteAdd(context, mode);
  const step = { kind: "access", word, leaf: leaf.index, keys, mode: a.repeated ? inRepeats(mode) : mode, read, site, via: a.via } as const;
  pushStep(context, state, step);
}

/** What may happen any number of times clears nothing: neither the sum of the amounts nor the number of checks is known. */
function inRepeats(mode: Mode): Mode {
  switch (mode.kind) {
    case "delta":
    case "commute":
      return { kind: "write" };
    case "readElse":
      return { kind: "read" };
    case "read":
    case "write":
    case "past":
      return mode;
  }
}

/** Too many to remember: any cell of these leaves may hold anything. */
function collapsed(context: Context, writes: readonly OwnWrite[], site: Site): readonly OwnWrite[] {
  return [...new Set(writes.map((write) => write.leaf))].map((leaf): OwnWrite => {
    return { leaf, keys: undefined, change: { kind: "set", value: changed(site, context.table.leaves[leaf].type) }, when: undefined };
  });
}

function sameKeys(a: readonly Term[], b: readonly Term[]): boolean {
  return a.every((key, i) => sameTerm(key, b[i]));
}

/** What a read sees after the call's own writes: `if keys equal then written else old`, oldest write first. */
export function forwarded(writes: readonly OwnWrite[], leaf: Leaf, keys: readonly Term[], old: Term, site: Site): Term {
  let value = old;
  for (const write of writes) {
    if (write.leaf !== leaf.index) continue;
    if (write.keys === undefined) value = changed(site, leaf.type);
    else if (!write.keys.some((key, i) => surelyDiffer(key, keys[i]))) {
      const reached = write.when ?? TRUE;
      const cond = keys.reduce<Term>(
        (all, key, i) => operation("&&", [all, operation("==", [key, write.keys?.[i] ?? key], BOOL)], BOOL),
        reached,
      );
      const { change } = write;
      const after = change.kind === "set" ? change.value : operation(change.op, [value, change.by], leaf.type);
      value = choice(cond, after, value);
      if (!isTrue(cond) && unknownPart(value) !== undefined) value = changed(site, leaf.type);
      else value = limited(value, site);
    }
  }
  return value;
}

function changed(site: Site, type: Type): Term {
  return unknown("a value that this call may have changed before", site, type);
}
