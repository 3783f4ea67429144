/**
 * What is known of an instance's immutables when the program is compiled: those that hold a contract which `init` makes by `create` and stores as it is, and
 * those that hold whoever made the instance. Nobody can change an immutable later.
 */
import { Bug } from "../core/bug.ts";
import type { ContractFootprint, LeafIndex } from "../footprint/footprint.ts";
import type { Expr, Field, LocalId, Program, Stmt, TypedId } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";

/** A contract that another one made in its `init`. */
export interface Made {
  /** Of the `create`: two immutables with the same one hold the same instance. */
  readonly id: TypedId;
  readonly contract: string;
}

export interface KnownImmutables {
  /** By the immutable's leaf. */
  readonly made: ReadonlyMap<LeafIndex, Made>;
  /** Leaves of those that hold the `caller` of `init`. */
  readonly makers: ReadonlySet<LeafIndex>;
}

interface Walk {
  readonly locals: Map<LocalId, Made>;
  /** Variables that change: what they hold isn't followed. */
  readonly changed: Set<LocalId>;
  /** What each immutable is set to, where that is one expression. */
  readonly stored: Map<Field, Expr | undefined>;
}

export function knownImmutables({ contract, leaves }: ContractFootprint, program: Program): KnownImmutables {
  const init = program.functions.get(contract.init);
  if (init === undefined) throw new Bug(`${contract.name} has no init`);
  const walk: Walk = { locals: new Map(), changed: new Set(), stored: new Map() };
  const stmts: Stmt[] = [];
  visitBlock(init.body, { stmt: (stmt) => void stmts.push(stmt) });
  for (const stmt of stmts) if (stmt.kind === "set") walk.changed.add(stmt.local);
  for (const stmt of stmts) note(walk, stmt);
  const known = new Map<LeafIndex, Made>();
  const makers = new Set<LeafIndex>();
  // Stored on every way through `init`.
  const always = new Set(
    stmts.some(({ kind }) => kind === "return") ? [] : init.body.flatMap((stmt) => (stmt.kind === "store" ? [stmt.value] : [])),
  );
  for (const { index, field } of leaves) {
    const value = field?.kind === "immutable" ? walk.stored.get(field) : undefined;
    if (value === undefined) continue;
    const made = madeBy(walk, value);
    if (made !== undefined) known.set(index, made);
    if (value.kind === "context" && value.name === "caller" && always.has(value)) makers.add(index);
  }
  return { made: known, makers };
}

function note(walk: Walk, stmt: Stmt): void {
  if (stmt.kind === "let") {
    const made = madeBy(walk, stmt.value);
    if (made !== undefined && !walk.changed.has(stmt.local)) walk.locals.set(stmt.local, made);
  } else if (stmt.kind === "store") {
    const { field, path } = stmt.place;
    // Stored in two places, nobody knows which one it is.
    const isFirst = !walk.stored.has(field);
    walk.stored.set(field, isFirst && path.length === 0 ? stmt.value : undefined);
  }
}

function madeBy({ locals }: Walk, value: Expr): Made | undefined {
  if (value.kind === "create") return { id: value.id, contract: value.contract };
  return value.kind === "local" ? locals.get(value.local) : undefined;
}
