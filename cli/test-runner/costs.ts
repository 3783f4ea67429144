/** What calls of tests cost, by function: the bound in the receipt, and how many statements ran. */
import type { Contract, Func, Program } from "../../compiler/typed/tree.ts";
import type { Hex, Receipt } from "../../runtime/types.ts";
import type { ProbeListener } from "./probes.ts";
import { findFunction, signatureOf } from "./called.ts";
import type { SessionListener } from "./session.ts";
import { compareText } from "../render/frame.ts";

export interface Spread {
  readonly min: bigint;
  readonly median: bigint;
  readonly max: bigint;
}

export interface FunctionCost {
  readonly file: string;
  /** `Token.transfer(address,uint256)` */
  readonly name: string;
  readonly calls: number;
  readonly cost: Spread;
  /** Statements that ran, those of functions and contracts it calls included. */
  readonly statements: Spread;
}

export interface CostBook {
  /** For a session whose receipts count; `contractAt` gives the name of the contract at an address. */
  readonly receipts: (program: Program, contractAt: (address: Hex) => string | undefined) => SessionListener;
  /** For modules with probes: counts statements. */
  readonly steps: (program: Program) => Pick<ProbeListener, "begin" | "step"> & { readonly end: () => void };
  readonly functions: () => readonly FunctionCost[];
}

interface Entry {
  readonly file: string;
  readonly name: string;
  readonly costs: bigint[];
  readonly steps: bigint[];
}

export function createCosts(): CostBook {
  const entries = new Map<string, Entry>();

  function entryOf(contract: Contract, func: Func): Entry {
    const name = `${contract.name}.${signatureOf(func)}`;
    const key = `${contract.site.path}\n${name}`;
    const known = entries.get(key);
    if (known !== undefined) return known;
    const made: Entry = { file: contract.site.path, name, costs: [], steps: [] };
    entries.set(key, made);
    return made;
  }

  function note(contract: Contract | undefined, func: Func | undefined, receipt: Receipt): void {
    if (contract === undefined || func === undefined || receipt.status === "rejected") return;
    entryOf(contract, func).costs.push(receipt.cost);
  }

  return {
    receipts: (program, contractAt) => ({
      block(calls, _result, receipts) {
        calls.forEach(({ to, data }, i) => {
          const contract = program.contracts.find(({ name }) => name === contractAt(to));
          note(contract, contract === undefined ? undefined : findFunction(program, contract, data), receipts[i]);
        });
      },
      beforeDeployment: () => undefined,
      deployed({ module }, { receipt }) {
        const contract = program.contracts.find(({ name }) => name === module.module.name);
        note(contract, contract === undefined ? undefined : program.functions.get(contract.init), receipt);
      },
    }),
    steps(program) {
      let current: Entry | undefined;
      let count = 0n;
      const end = (): void => {
        current?.steps.push(count);
        current = undefined;
        count = 0n;
      };
      return {
        begin(_running, _bytesOf, func) {
          end();
          const contract = program.contracts.find(({ name }) => name === func.contract);
          current = contract === undefined ? undefined : entryOf(contract, func);
        },
        step: () => void count++,
        end,
      };
    },
    functions: () =>
      [...entries.values()]
        .filter(({ costs }) => costs.length > 0)
        .sort((a, b) => compareText(a.file, b.file) || compareText(a.name, b.name))
        .map(({ file, name, costs, steps }) => ({ file, name, calls: costs.length, cost: spread(costs), statements: spread(steps) })),
  };
}

/** Of an even number the lower of the two in the middle: a cost that some call had. */
function spread(values: readonly bigint[]): Spread {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = (index: number): bigint => sorted.at(index) ?? 0n;
  return { min: at(0), median: at(Math.floor((sorted.length - 1) / 2)), max: at(-1) };
}
