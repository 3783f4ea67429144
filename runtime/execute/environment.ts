/**
 * What a block tells the calls that run in it.
 */
export interface Environment {
  readonly height: bigint;
  readonly time: bigint;
  readonly chainId: bigint;
}
