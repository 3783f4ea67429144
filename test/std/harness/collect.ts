/** A closed chain's shared memory, hundreds of megabytes of reserve, is given back only when V8 collects, and V8 sees no reason to: so it is asked. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

const EVERY = 4;
let closed = 0;

export function chainClosed(): void {
  closed++;
  if (closed % EVERY === 0) runInNewContext("gc()");
}
