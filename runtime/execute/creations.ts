/**
 * Contracts that calls of the present block have created, in order, so that they can be taken back: when their transaction reverts, or with the
 * block. Owns the counters of their creators, too: an address is made of both, as Ethereum's CREATE does with a contract's nonce, which begins at 1 (EIP-161).
 */
import { createAddress } from "../create-address.ts";
import type { AddressId } from "../module.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";
import type { Maker } from "./frames.ts";
import { InternalError } from "./internal-error.ts";

/** Of a contract, from before its constructor runs. */
export const FIRST_NONCE = 1n;

interface Creation {
  readonly code: Code;
  readonly address: AddressId;
  readonly creator: AddressId;
}

export class Creations implements Maker {
  private readonly state: StateMemory;
  /** Makes the fields of a new contract known to planning and ordering. */
  private readonly addFields: (code: Code, instance: number) => void;
  private readonly list: Creation[] = [];

  constructor(state: StateMemory, addFields: (code: Code, instance: number) => void) {
    this.state = state;
    this.addFields = addFields;
  }

  get count(): number {
    return this.list.length;
  }

  make(code: Code, creator: AddressId): AddressId {
    const { state } = this;
    const nonce = state.nonces[creator];
    const address = state.addresses.internHex(createAddress(state.addresses.hexOf(creator), nonce));
    if (state.codeAt(address) >= 0) throw new InternalError("there is a contract at this address already");
    const instance = state.addInstance(code, address);
    this.addFields(code, instance);
    state.nonces[address] = FIRST_NONCE;
    state.nonces[creator] = nonce + 1n;
    this.list.push({ code, address, creator });
    return address;
  }

  /** Takes back all but the first so many; their cells must be at their defaults again. */
  takeBack(count: number): void {
    const { state, list } = this;
    while (list.length > count) {
      const creation = list.pop();
      if (creation === undefined) return;
      state.removeLastInstance(creation.code);
      state.nonces[creation.address] = 0n;
      state.nonces[creation.creator] -= 1n;
    }
  }

  /** The block is committed: they are there to stay. */
  keep(): void {
    this.list.length = 0;
  }

  /** While somebody looks at the state of before the block. */
  hide(): void {
    const { state, list } = this;
    for (let i = list.length - 1; i >= 0; i--) {
      state.removeLastInstance(list[i].code);
      state.nonces[list[i].address] -= FIRST_NONCE;
      state.nonces[list[i].creator] -= 1n;
    }
  }

  show(): void {
    const { state } = this;
    for (const { address, creator, code } of this.list) {
      state.addInstance(code, address);
      state.nonces[address] += FIRST_NONCE;
      state.nonces[creator] += 1n;
    }
  }

  /** How far nonces of contracts have moved in this block. */
  steps(): ReadonlyMap<AddressId, bigint> {
    const steps = new Map<AddressId, bigint>();
    for (const { creator, address } of this.list) {
      steps.set(creator, (steps.get(creator) ?? 0n) + 1n);
      steps.set(address, (steps.get(address) ?? 0n) + FIRST_NONCE);
    }
    return steps;
  }

  /** Addresses of the contracts after the first so many. */
  since(count: number): readonly AddressId[] {
    return this.list.slice(count).map(({ address }) => address);
  }
}
