/**
 * Random programs: two contracts with the same state of every kind, which call each other through an interface, and a third one that they make.
 * Bodies are thrown together from all statements, expressions and built-in functions. Well typed by construction; what the compiler refuses for
 * its own reasons (constants that always fail, numbers under conditions that read state) is left out function by function. The same seed gives
 * the same text.
 *
 * Covered: every kind of type in state, in memory and across the ABI; all statements and expressions of the typed tree; all operators, updates and
 * built-in functions; two widths of integers per program, all twelve over some programs; guards, mixins, free functions, constants, payable
 * functions, getters; calls by interface, raw calls, new contracts, numbers drawn in callees, call chains and re-entrancy. `coverage.test.ts`
 * counts that each of them occurs.
 * Not covered: several files, `parallel` claims, invariants, `test` blocks, lists of lists, valid signatures, contracts at calldata limits.
 */
import { compile } from "../../compiler/pipeline.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Suite } from "../helpers/suites.ts";
import { INIT, INSIDE, INTEGERS, METHODS, OUTSIDE, declarations, signatureOf, typeText } from "./random/catalog.ts";
import type { Kind, Widths } from "./random/catalog.ts";
import { Dice } from "./random/dice.ts";
import type { Callee, Scope } from "./random/scope.ts";
import { Statements } from "./random/statements.ts";

const NOBODY = `0x${"0".repeat(40)}`;

/** Where random programs run: two of the contracts that others call and one that only calls; each knows the one before. */
export const RANDOM_SUITE: Suite = {
  name: "random",
  path: "random.weft",
  deployments: ["Peer", "Peer", "Main"].map((contract) => ({
    contract,
    args: (deployed: readonly string[]) => [deployed.at(-1) ?? NOBODY, 3n],
  })),
  setup: [],
  holders: {},
  habits: { weights: {}, ids: new Set(), sequence: undefined, large: [], values: [], advances: [], calls: 0 },
};

export interface RandomProgram {
  readonly source: string;
  readonly compiled: Compiled;
}

/** One function of the text. */
interface Part {
  readonly name: string;
  readonly home: "free" | "Peer" | "Main";
  readonly text: string;
  /** Required by the interface: written anew until it compiles, never dropped. */
  readonly again: (() => string) | undefined;
}

const FREE = 2;
const HELPERS = 4;
const EXTERNALS = 7;
const VIEWS = 2;
/** Rounds of leaving out what doesn't compile. */
const ROUNDS = 40;

export function randomProgram(seed: number): RandomProgram {
  const dice = new Dice(seed);
  const X = dice.of(INTEGERS);
  const widths: Widths = { X, Z: dice.of(INTEGERS.filter((name) => name !== X)) };
  let parts = partsOf(new Statements(dice), dice, widths);
  for (let round = 0; round < ROUNDS; round++) {
    const { source, spans } = assemble(parts, widths);
    const { compiled, diagnostics } = compile("random.weft", (path) => (path === "random.weft" ? source : undefined));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (compiled !== undefined && errors.length === 0) return { source, compiled };
    const broken = new Set<Part>();
    for (const { code, message, span } of errors) {
      const part = spans.find(({ from, to }) => span.start >= from && span.start < to)?.part;
      const gone = round > 0 && MISSING.has(code);
      if (part === undefined || (!LEFT_OUT.has(code) && !gone))
        throw new Error(`${code} ${message} at ${source.slice(span.start, span.end)} in\n${part?.text ?? source}`);
      broken.add(part);
    }
    parts = parts.flatMap((part) => {
      if (!broken.has(part)) return [part];
      return part.again === undefined ? [] : [{ ...part, text: part.again() }];
    });
  }
  throw new Error(`seed ${seed}: no program in ${ROUNDS} rounds`);
}

/**
 * What can't be planned, constants that always fail, types nothing tells (also those of an `if` or `match` whose first value is a literal: E0301, E0314),
 * calls that are known to enter their own contract.
 */
const LEFT_OUT = new Set(["E0301", "E0314", "E0510", "E0308", "E0310", "E0311", "E0420"]);
/** A function that was left out is called. */
const MISSING = new Set(["E0202", "E0203", "E0210"]);

function assemble(parts: readonly Part[], widths: Widths) {
  const spans: { readonly part: Part; readonly from: number; readonly to: number }[] = [];
  let source = `${declarations(widths)}\n`;
  const add = (home: Part["home"]): void => {
    for (const part of parts.filter((each) => each.home === home)) {
      spans.push({ part, from: source.length, to: source.length + part.text.length });
      source += `${part.text}\n`;
    }
  };
  add("free");
  for (const [home, head] of [
    ["Peer", "contract Peer uses Base implements IPeer {"],
    ["Main", "contract Main uses Base {"],
  ] as const) {
    source += `${head}\n  ${INIT}\n`;
    add(home);
    source += "}\n";
  }
  return { source, spans };
}

function partsOf(writer: Statements, dice: Dice, widths: Widths): Part[] {
  const parts: Part[] = [];
  const free: Callee[] = [];
  for (let i = 0; i < FREE; i++) {
    const callee: Callee = {
      name: `g${i}`,
      params: dice.some(1, 3, () => dice.of(INSIDE)),
      result: dice.of(INSIDE),
      writes: false,
      free: true,
    };
    const scope = scopeOf(widths, callee.params, { result: callee.result, access: "free", callees: free });
    parts.push({ name: callee.name, home: "free", text: helperText(writer, scope, callee), again: undefined });
    free.push(callee);
  }
  for (const home of ["Peer", "Main"] as const) parts.push(...contractParts(writer, dice, widths, home, free));
  return parts;
}

function contractParts(writer: Statements, dice: Dice, widths: Widths, home: "Peer" | "Main", free: readonly Callee[]): Part[] {
  const parts: Part[] = [];
  const callees = [...free];
  const put = (name: string, text: string, again?: () => string): void => {
    parts.push({ name, home, text, again });
  };
  for (let i = 0; i < HELPERS; i++) {
    const writes = dice.chance(0.7);
    const result = dice.chance(0.8) ? dice.of(INSIDE) : undefined;
    const callee: Callee = { name: `self.h${i}`, params: dice.some(1, 3, () => dice.of(INSIDE)), result, writes, free: false };
    const scope = scopeOf(widths, callee.params, {
      result,
      access: writes ? "write" : "view",
      callees: [...callees],
      outward: writes && dice.chance(0.3),
    });
    put(callee.name, helperText(writer, scope, callee));
    callees.push(callee);
  }
  if (home === "Peer") {
    for (const method of METHODS) {
      const again = (): string => {
        const access = method.mutability === "pub" ? "write" : method.mutability;
        const scope = scopeOf(widths, method.params, {
          result: method.result,
          access,
          callees,
          outward: dice.chance(0.35),
          draws: method.draws,
        });
        return `  ${signatureOf(method, widths)} ${writer.body(scope, 5)}`;
      };
      put(method.name, again(), again);
    }
  }
  for (let i = 0; i < EXTERNALS; i++) put(`f${i}`, externalText(writer, dice, widths, `f${i}`, callees));
  for (let i = 0; i < VIEWS; i++) {
    const params = dice.some(0, 3, () => dice.of(OUTSIDE));
    const result = dice.of(OUTSIDE);
    const scope = scopeOf(widths, params, { result, access: "view", callees, outward: true });
    put(`v${i}`, `  view fn v${i}(${heads(params, widths)}) -> ${typeText(result, widths)} ${writer.body(scope, 4)}`);
  }
  return parts;
}

function helperText(writer: Statements, scope: Scope, { name, params, result }: Callee): string {
  const given = result === undefined ? "" : ` -> ${typeText(result, scope.widths)}`;
  return `  fn ${name.replace("self.", "")}(${heads(params, scope.widths)})${given} ${writer.body(scope, 5)}`;
}

function externalText(writer: Statements, dice: Dice, widths: Widths, name: string, callees: readonly Callee[]): string {
  const params = dice.some(1, 4, () => dice.of(OUTSIDE));
  const result = dice.chance(0.6) ? dice.of(OUTSIDE) : undefined;
  const payable = dice.chance(0.2);
  const scope = scopeOf(widths, params, {
    result,
    access: payable ? "payable" : "write",
    callees,
    outward: dice.chance(0.5),
    draws: dice.chance(0.3) ? dice.of(["always", "perhaps"] as const) : "none",
  });
  const number = params.indexOf("u64");
  const guard = number >= 0 && dice.chance(0.2) ? ` with modest(p${number})` : dice.chance(0.1) ? " with opened(caller)" : "";
  const given = result === undefined ? "" : ` -> ${typeText(result, widths)}`;
  return `  ${payable ? "payable" : "pub"} fn ${name}(${heads(params, widths)})${given}${guard} ${writer.body(scope, 9)}`;
}

function heads(params: readonly Kind[], widths: Widths): string {
  return params.map((kind, i) => `p${i}: ${typeText(kind, widths)}`).join(", ");
}

function scopeOf(widths: Widths, params: readonly Kind[], given: Partial<Scope> & Pick<Scope, "access" | "callees">): Scope {
  const names = params.map((kind, i) => ({ name: `p${i}`, kind, mutable: false }));
  return { widths, names, result: undefined, outward: false, draws: "none", ...given };
}
