/**
 * Arithmetic against big integers: every operator, built-in function and conversion, at every width, signed and unsigned, at and around the
 * limits. Each operation is a function of a compiled contract that gives its result, and counts it under that result as a key: so what exec
 * computes is compared, and what the plan computes for the same expression. Then updates of cells, and what the compiler computes on its own.
 */
import { describe, expect, it } from "vitest";
import { foldArithmetic } from "../../compiler/check/fold-arithmetic.ts";
import { foldInts, foldUnary } from "../../compiler/check/fold.ts";
import type { Folded } from "../../compiler/check/fold.ts";
import type { IntType, Type } from "../../compiler/core/types.ts";
import { blockBuffer } from "../../runtime/block.ts";
import type { CallRequest, Chain, Hex, Mode, Receipt } from "../../runtime/types.ts";
import { account } from "../helpers/accounts.ts";
import { INT_TYPES, OPERATIONS, UPDATES, intName, mostTelling, shiftAmounts, telling } from "../helpers/arithmetic.ts";
import type { Operation, Outcome } from "../helpers/arithmetic.ts";
import { loadAll, openChain } from "../helpers/chains.ts";
import { compileText } from "../helpers/suites.ts";
import { decodeAll, encodeCall } from "../interpreter/abi.ts";
import { binary, builtin, convert, unary } from "../interpreter/operators.ts";
import { Reverted } from "../interpreter/revert.ts";
import { fromHex, toHex } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";

const U16: IntType = { kind: "int", signed: false, bits: 16 };
const LETTERS = ["a", "b", "c"];

/** One function of the contract under test, and all that is asked of it. */
interface Job {
  readonly name: string;
  readonly text: string;
  readonly params: readonly IntType[];
  readonly gives: Type;
  /** Name of the field that counts results by their value. */
  readonly counts: string | undefined;
  readonly operands: readonly (readonly bigint[])[];
  readonly result: (operands: readonly bigint[]) => Outcome;
}

function typeNamed(name: string, type: IntType): IntType {
  return name === "T" ? type : (INT_TYPES.find((each) => intName(each) === name) ?? U16);
}

function jobsOf(type: IntType): readonly Job[] {
  const own = OPERATIONS.filter((operation) => operation.of(type)).map((operation, i): Job => {
    const params = operation.takes.map((name) => typeNamed(name, type));
    const gives: Type = operation.gives === "bool" ? { kind: "bool" } : typeNamed(operation.gives, type);
    const given = gives.kind === "int" ? intName(gives) : "bool";
    const heads = params.map((param, n) => `${LETTERS[n]}: ${intName(param)}`).join(", ");
    const counts = `n${i}`;
    return {
      name: `f${i}`,
      text: `state ${counts}: map<${given}, u32>;
        pub fn f${i}(${heads}) -> ${given} { let r = ${operation.text}; self.${counts}[r] += 1; return r; }`,
      params,
      gives,
      counts,
      operands: operandsOf(type, operation),
      result: ([a, b = 0n, c = 0n]) => operation.result(type, a, b, c),
    };
  });
  const name = intName(type);
  const values = telling(type);
  const updates = UPDATES.map(({ op, result }, i): Job => {
    return {
      name: `u${i}`,
      text: `pub fn u${i}(a: ${name}, b: ${name}) -> ${name} { self.cell = a; self.cell ${op}= b; return self.cell; }`,
      params: [type, type],
      gives: type,
      counts: undefined,
      operands: values.flatMap((a) => values.map((b) => [a, b])),
      result: ([a, b]) => result(type, a, b, 0n),
    };
  });
  return [...own, ...updates];
}

function operandsOf(type: IntType, { takes }: Operation): readonly (readonly bigint[])[] {
  const few = mostTelling(type);
  if (takes.length === 3) return few.flatMap((a) => few.flatMap((b) => few.map((c) => [a, b, c])));
  if (takes.length === 1) return telling(type).map((a) => [a]);
  const right = takes[1] === "T" ? telling(type) : shiftAmounts(type);
  return telling(type).flatMap((a) => right.map((b) => [a, b]));
}

// --- compiled contracts ----------------------------------------------------------------------------------------------

const PANIC = "0x4e487b71";

function found(receipt: Receipt, gives: Type): Outcome | string {
  const data = toHex(receipt.data);
  if (receipt.status === "reverted" && data.startsWith(PANIC)) return { kind: "panic", code: Number(BigInt(`0x${data.slice(10)}`)) };
  const value = receipt.status === "success" ? decodeAll([gives], data.slice(2))?.[0] : undefined;
  return typeof value === "bigint" || typeof value === "boolean" ? { kind: "value", value } : `${receipt.status} ${data}`;
}

async function runJobs(type: IntType, mode: Mode): Promise<void> {
  const jobs = jobsOf(type);
  const source = `contract Arith { state cell: ${intName(type)};\n${jobs.map((job) => job.text).join("\n")}\n}`;
  const modules = await loadAll(compileText(source));
  const from = account("alice");
  const chain = await openChain({ workers: mode === "parallel" ? 2 : 1, genesis: [{ address: from, balance: 1n }] });
  try {
    const loaded = modules.get("Arith");
    if (loaded === undefined) throw new Error("no module");
    const { address } = await chain.deploy(loaded, { from, args: new Uint8Array(), value: 0n, time: 1n });
    const counts = new Map<string, bigint>();
    for (const job of jobs) await runJob(chain, { from, to: address, mode }, job, counts);
    for (const cell of chain.cells()) {
      if (cell.contract !== address || cell.keys.length === 0) continue;
      const name = `${cell.field} ${String(cell.keys[0])}`;
      expect(cell.value, `${intName(type)}: results that the plan took for ${name}`).toBe(counts.get(name) ?? 0n);
      counts.delete(name);
    }
    expect([...counts.keys()]).toEqual([]);
  } finally {
    await chain.close();
  }
}

interface Place {
  readonly from: Hex;
  readonly to: Hex;
  readonly mode: Mode;
}

async function runJob(chain: Chain, { from, to, mode }: Place, job: Job, counts: Map<string, bigint>): Promise<void> {
  const nonce = chain.nonceOf(from);
  const calls = job.operands.map((operands, i): CallRequest => {
    const data = fromHex(encodeCall(job.name, job.params, operands));
    return { from, to, data, value: 0n, nonce: nonce + BigInt(i), gasLimit: 1_000_000n, gasPrice: 0n };
  });
  const { receipts } = await chain.run(blockBuffer(calls), { time: 1n, mode, trace: false });
  const wrong: string[] = [];
  job.operands.forEach((operands, i) => {
    const wanted = job.result(operands);
    const own = found(receipts.at(i), job.gives);
    if (shown(own) !== shown(wanted)) wrong.push(`${operands.join(", ")}: ${shown(own)} and not ${shown(wanted)}`);
    if (wanted.kind === "panic" || job.counts === undefined) return;
    const name = `${job.counts} ${String(wanted.value)}`;
    counts.set(name, (counts.get(name) ?? 0n) + 1n);
  });
  expect(wrong, job.text).toEqual([]);
}

/** `expect` takes its time, and there are tens of thousands of results. */
function shown(outcome: Outcome | string): string {
  if (typeof outcome === "string") return outcome;
  return outcome.kind === "panic" ? `panic ${outcome.code}` : String(outcome.value);
}

describe("arithmetic of compiled contracts is that of big integers", () => {
  for (const type of INT_TYPES) {
    for (const mode of ["serial", "parallel"] as const) {
      it(`${intName(type)}, ${mode}`, { timeout: 120_000 }, () => runJobs(type, mode));
    }
  }
});

// --- the interpreter, and constants ----------------------------------------------------------------------------------

/** The operation on values, by whoever computes it; undefined where it has nothing to say. */
type Engine = (operation: Operation, type: IntType, operands: readonly bigint[]) => Outcome | undefined;

const interpreted: Engine = ({ form, gives }, type, operands) => {
  const compute = (): Val => {
    switch (form.kind) {
      case "binary":
        return binary(form.op, type, operands[0], operands[1]);
      case "unary":
        return unary(form.op, type, operands[0]);
      case "builtin":
        return builtin(form.name, type, operands);
      case "convert":
        return convert(type, typeNamed(gives, type), operands[0]);
    }
  };
  try {
    const value = compute();
    return typeof value === "bigint" || typeof value === "boolean" ? { kind: "value", value } : undefined;
  } catch (error) {
    if (!(error instanceof Reverted)) throw error;
    return { kind: "panic", code: Number(BigInt(`0x${error.data.slice(10)}`)) };
  }
};

const folded: Engine = ({ form }, type, operands) => {
  const compute = (): Folded | undefined => {
    switch (form.kind) {
      case "binary":
        return foldInts(form.op, type, operands[0], operands[1]);
      case "unary":
        return foldUnary(form.op, type, operands[0]);
      case "builtin":
        return foldArithmetic(form.name, type, operands);
      case "convert":
        return undefined;
    }
  };
  const result = compute();
  switch (result?.kind) {
    case "int":
    case "bool":
      return { kind: "value", value: result.value };
    case "outside":
      return { kind: "panic", code: 0x11 };
    case "fails":
      return { kind: "panic", code: form.kind === "binary" && (form.op === "<<" || form.op === ">>") ? 0x11 : 0x12 };
    case undefined:
      return undefined;
  }
};

describe.each<readonly [string, Engine]>([
  ["the interpreter's operators", interpreted],
  ["constants that the compiler computes", folded],
])("%s are those of big integers", (_name, engine) => {
  it.each(INT_TYPES.map((type) => [intName(type), type] as const))("%s", (_typeName, type) => {
    const wrong: string[] = [];
    for (const operation of OPERATIONS.filter((each) => each.of(type))) {
      for (const operands of operandsOf(type, operation)) {
        const [a, b = 0n, c = 0n] = operands;
        const own = engine(operation, type, operands);
        const wanted = shown(operation.result(type, a, b, c));
        if (own !== undefined && shown(own) !== wanted)
          wrong.push(`${operation.text} of ${operands.join(", ")}: ${shown(own)} and not ${wanted}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
