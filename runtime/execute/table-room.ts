/**
 * Sees to it that tables have room for what threads may insert before somebody looks again: they grow only while no other thread uses them. What is asked
 * of a table counts as inserted.
 */
import { READ_ROOM } from "../admit/call-reader.ts";
import { AHEAD_ASKS } from "../plan/plan-args.ts";
import type { CallPlanner } from "../plan/planner.ts";
import type { StateMemory } from "../state/state.ts";

/** Tables are looked at after so many insertions, and must then have room for those until the next look: as many again, and a single call's. */
const LOOK_EVERY = 16_384;
const TABLE_ROOM = 65_536;

export class TableRoom {
  private readonly state: StateMemory;
  private readonly planner: CallPlanner;
  /** Room for slices that are planned ahead. */
  private readonly ahead: number;

  /** `slices`: how many are planned ahead at once. */
  constructor(state: StateMemory, planner: CallPlanner, slices: number) {
    this.state = state;
    this.planner = planner;
    this.ahead = slices * (AHEAD_ASKS + READ_ROOM);
  }

  /** So many entries are asked for by calls once they run. */
  expect(entries: number): void {
    this.planner.expected += entries;
    this.planner.asked += entries;
  }

  /** Whether enough was asked since the last look. */
  wantsLook(): boolean {
    return this.planner.asked > LOOK_EVERY;
  }

  /** Whether tables should grow before anything else is planned. */
  isCrowded(): boolean {
    this.planner.asked = 0;
    return this.state.crowded(TABLE_ROOM + this.ahead + this.planner.expected);
  }

  /** Only while no other thread uses the tables. */
  make(): void {
    const { planner } = this;
    planner.asked = 0;
    // What was expected has been asked for by now; there may be as much again.
    const room = TABLE_ROOM + this.ahead + planner.expected;
    planner.expected = 0;
    if (this.state.crowded(room)) this.state.ensureRoom(room);
  }
}
