/** Who is who in a scenario: named accounts, generated groups, and the contracts once they are deployed. */
import { ACCOUNT_BALANCE, generatedAccounts, namedAccount } from "../accounts.ts";
import type { Hex } from "../../runtime/types.ts";
import type { AccountGroup } from "./scenario.ts";

export interface Directory {
  /** The address of `@name`; it gets its coin because it was asked for. */
  readonly named: (name: string) => Hex;
  readonly group: (name: string) => readonly Hex[] | undefined;
  readonly hasContract: (label: string) => boolean;
  readonly contract: (label: string) => Hex;
  readonly deployed: (label: string, address: Hex) => void;
  /** What everyone holds before the first block. */
  readonly genesis: () => readonly { readonly address: Hex; readonly balance: bigint }[];
}

const NOT_DEPLOYED: Hex = `0x${"0".repeat(40)}`;

export function createDirectory(groups: readonly AccountGroup[], labels: readonly string[]): Directory {
  const members = new Map(groups.map((group) => [group.name, generatedAccounts(group.name, group.count)]));
  const named = new Map<string, Hex>();
  const contracts = new Map<string, Hex>();
  return {
    named(name) {
      const address = namedAccount(name);
      named.set(name, address);
      return address;
    },
    group: (name) => members.get(name),
    hasContract: (label) => labels.includes(label),
    contract: (label) => contracts.get(label) ?? NOT_DEPLOYED,
    deployed: (label, address) => contracts.set(label, address),
    genesis: () => [
      ...[...named.values()].map((address) => ({ address, balance: ACCOUNT_BALANCE })),
      ...groups.flatMap((group) => (members.get(group.name) ?? []).map((address) => ({ address, balance: group.balance }))),
    ],
  };
}
