/**
 * Our own mistakes, found at run time: a footprint that doesn't hold what exec touches, messages that don't fit their heads. Never caught as a revert.
 */
export class InternalError extends Error {
  readonly kind = "internal" as const;

  constructor(message: string) {
    super(`internal error: ${message}`);
    this.name = "InternalError";
  }
}
