/**
 * A scenario as read: which contracts are deployed, which accounts exist, which calls are made. Arguments stay JSON here; they get
 * their meaning when the contract's ABI is known (`generators.ts`). The file format is described by docs/schema/scenario.schema.json.
 */
import type { Located } from "./reader.ts";

export interface Scenario {
  readonly title: string;
  readonly seed: number;
  /** Time of the first block, and seconds from block to block. */
  readonly time: bigint;
  readonly blockTime: bigint;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
  readonly groups: readonly AccountGroup[];
  readonly contracts: readonly Deployment[];
  /** Not measured. */
  readonly setup: readonly Step[];
  readonly blocks: readonly Step[];
}

/** Generated accounts; nobody holds their keys. */
export interface AccountGroup {
  readonly name: string;
  readonly count: number;
  readonly balance: bigint;
}

export interface Deployment {
  readonly at: Located;
  /** The calls of the scenario say `label.function`. */
  readonly label: string;
  readonly file: string;
  readonly contract: string;
  readonly from: Located | undefined;
  readonly args: readonly Located[];
  readonly value: bigint;
}

/** One block, or several of a kind. */
export interface Step {
  readonly at: Located;
  readonly title: string;
  /** Seconds that pass before each block of the step, beside the block time. */
  readonly advanceTime: bigint;
  readonly repeat: number;
  readonly source: Source;
}

export type Source =
  | { readonly kind: "list"; readonly templates: readonly Template[] }
  /** One call per account of the group. */
  | { readonly kind: "each"; readonly group: string; readonly template: Template }
  | { readonly kind: "mix"; readonly calls: number; readonly mix: readonly Weighted[] };

export interface Weighted {
  readonly weight: number;
  readonly template: Template;
}

export interface Template {
  readonly at: Located;
  /** Other templates repeat its calls by this name. */
  readonly name: string;
  readonly what: TemplateKind;
  /** Evaluated in order before the rest; arguments name them. */
  readonly variables: readonly { readonly name: string; readonly value: Located }[];
  readonly from: Located | undefined;
  readonly value: Located | undefined;
  /** A nonce that doesn't fit: the call is rejected. */
  readonly wrongNonce: boolean;
}

export type TemplateKind =
  | { readonly kind: "call"; readonly at: Located; readonly label: string; readonly func: string; readonly args: readonly Located[] }
  | { readonly kind: "raw"; readonly label: string; readonly data: Uint8Array }
  /** Makes an earlier call of the named template once more. */
  | { readonly kind: "again"; readonly at: Located; readonly template: string };
