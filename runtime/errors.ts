/**
 * Mistakes of whoever uses the runtime, told as exceptions: nothing was done, the chain is as it was. Mistakes of our own are InternalErrors.
 */

/** A value, an option or the order of calls is wrong; the message says which. */
export class ValidationError extends RangeError {
  constructor(message: string) {
    super(message);
    this.name = "ValidationError";
  }
}

/** The chain was closed. */
export class ChainClosedError extends ValidationError {
  constructor() {
    super("the chain is closed");
    this.name = "ChainClosedError";
  }
}
