/** A binary heap of numbered threads by the time of their next event; equal times by number, so that a simulation gives the same every time. */

export class ThreadHeap {
  private readonly times: Float64Array;
  private readonly threads: Int32Array;
  size = 0;

  constructor(threads: number) {
    this.times = new Float64Array(threads);
    this.threads = new Int32Array(threads);
  }

  /** Only of a heap that isn't empty. */
  earliest(): number {
    return this.threads[0];
  }

  earliestTime(): number {
    return this.times[0];
  }

  /** A thread must not be in the heap twice. */
  push(time: number, thread: number): void {
    const { times, threads } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(time, thread, times[parent], threads[parent])) break;
      times[at] = times[parent];
      threads[at] = threads[parent];
      at = parent;
    }
    times[at] = time;
    threads[at] = thread;
  }

  pop(): void {
    const last = --this.size;
    if (last > 0) this.sink(this.times[last], this.threads[last]);
  }

  private sink(time: number, thread: number): void {
    const { times, threads, size } = this;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && isBefore(times[child + 1], threads[child + 1], times[child], threads[child])) child++;
      if (!isBefore(times[child], threads[child], time, thread)) break;
      times[at] = times[child];
      threads[at] = threads[child];
      at = child;
    }
    times[at] = time;
    threads[at] = thread;
  }
}

function isBefore(time: number, thread: number, otherTime: number, otherThread: number): boolean {
  return time < otherTime || (time === otherTime && thread < otherThread);
}
