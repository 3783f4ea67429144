/** Numbers as text, the same on every machine. */

/** `1,234,567`. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Nanoseconds as people read them: `830 ns`, `1.24 µs`, `5.10 ms`. */
export function duration(ns: number): string {
  if (ns < 1_000) return `${Math.round(ns)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(2)} µs` : `${(ns / 1e6).toFixed(2)} ms`;
}
