/**
 * What the ordering pass knows of whole fields: calls that take one because some key of theirs isn't known yet (rules S1, E3), as in the locks of several
 * granularities of databases (Gray et al., 1976). One that may change the field has it for itself and begins a new epoch: nodes of older epochs are
 * stale, and the call is the gate for all that come later. Calls that only read it share it. Holds facts only; who waits is decided in `links.ts`.
 */

export class FieldStates {
  /** By field: exclusive calls so far in this segment. */
  epoch: Int32Array = new Int32Array(64);
  /** The last of them, -1 none. */
  gate: Int32Array = new Int32Array(64).fill(-1);
  /** 1 when one of them may have written. */
  written: Uint8Array = new Uint8Array(64);
  /** First node of the present epoch, plus 1; how many there are. */
  nodes: Int32Array = new Int32Array(64);
  nodeCount: Int32Array = new Int32Array(64);
  /** Calls that read the field as a whole in this epoch: the first pair in the links, 0 none; how many they are. */
  readers: Int32Array = new Int32Array(64);
  readerCount: Int32Array = new Int32Array(64);
  /** Whether some field of this segment has or had such readers. */
  shared = false;
  count = 0;
  /** Fields that differ from their initial state, so that a reset is short. */
  private readonly touched: number[] = [];

  /** There are `count` fields from now on. */
  resize(count: number): void {
    this.count = count;
    if (count <= this.epoch.length) return;
    const size = Math.max(count, this.epoch.length * 2);
    const bigger = (from: Int32Array, fill: number): Int32Array => {
      const to = new Int32Array(size).fill(fill);
      to.set(from);
      return to;
    };
    this.epoch = bigger(this.epoch, 0);
    this.gate = bigger(this.gate, -1);
    this.nodes = bigger(this.nodes, 0);
    this.nodeCount = bigger(this.nodeCount, 0);
    this.readers = bigger(this.readers, 0);
    this.readerCount = bigger(this.readerCount, 0);
    const written = new Uint8Array(size);
    written.set(this.written);
    this.written = written;
  }

  /** Puts a node in front of its field's list; gives the one that was there, plus 1. */
  push(field: number, node: number): number {
    const next = this.nodes[field];
    if (next === 0) this.note(field);
    this.nodes[field] = node + 1;
    this.nodeCount[field]++;
    return next;
  }

  /** The call has the field for itself; later accesses begin a new epoch. */
  take(field: number, call: number, writes: boolean): void {
    this.note(field);
    this.nodes[field] = 0;
    this.nodeCount[field] = 0;
    this.readers[field] = 0;
    this.readerCount[field] = 0;
    this.epoch[field]++;
    this.gate[field] = call;
    if (writes) this.written[field] = 1;
  }

  /** One more call reads the whole field; `pair` is its place in the links, in front of the others. */
  share(field: number, pair: number): void {
    this.note(field);
    this.readers[field] = pair;
    this.readerCount[field]++;
    this.shared = true;
  }

  /** The field won't be in its initial state any more. */
  private note(field: number): void {
    if (this.nodes[field] === 0 && this.epoch[field] === 0 && this.readers[field] === 0) this.touched.push(field);
  }

  reset(): void {
    if (this.touched.length === 0) return;
    this.shared = false;
    for (const field of this.touched) {
      this.epoch[field] = 0;
      this.gate[field] = -1;
      this.written[field] = 0;
      this.nodes[field] = 0;
      this.nodeCount[field] = 0;
      this.readers[field] = 0;
      this.readerCount[field] = 0;
    }
    this.touched.length = 0;
  }
}
