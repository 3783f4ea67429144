/**
 * What is thrown when reserved memory runs out. It ends the block before anything of it is committed; it is no bug and no revert.
 * Thrown by tables, arenas and outputs; caught by the chain.
 */
export class CapacityError extends Error {
  readonly kind = "capacity" as const;
  readonly what: string;
  readonly limit: number;

  constructor(what: string, limit: number) {
    super(`out of reserved memory: ${what} (limit ${limit})`);
    this.name = "CapacityError";
    this.what = what;
    this.limit = limit;
  }
}
