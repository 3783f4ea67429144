/** Values worth trying: those that the program names, and those that came up in this run. */
import type { Type } from "../../../compiler/core/types.ts";
import type { Program } from "../../../compiler/typed/tree.ts";
import { visitBlock } from "../../../compiler/typed/walk.ts";
import type { CellValue } from "../../../runtime/types.ts";
import { literalsOf } from "../accounts.ts";
import { asInteger, isList, membersOf } from "../values.ts";
import type { TestValue } from "../values.ts";
import type { Random } from "./random.ts";

/** Of each kind; newer ones replace older ones. */
const MAX_SEEN = 64;
const NEWEST = 6;
/** Literals of a long table of constants aren't all worth trying. */
const MAX_LITERALS = 512;

export interface Dictionary {
  readonly literal: (random: Random) => bigint | undefined;
  readonly seen: (random: Random) => bigint | undefined;
  /** bytes32 values, strings, bytes: of the program and seen. */
  readonly text: (random: Random, kind: "bytes32" | "string" | "bytes") => string | undefined;
  readonly addresses: readonly string[];
  readonly learn: (value: TestValue, type: Type) => void;
  readonly learnCell: (value: CellValue) => void;
}

export function createDictionary(program: Program): Dictionary {
  const literals = new Set<bigint>();
  const addresses = new Set<string>();
  const texts = { bytes32: new Ring<string>(), string: new Ring<string>(), bytes: new Ring<string>() };
  const seen = new Ring<bigint>();
  const note = (value: ReturnType<typeof literalsOf>[number]): void => {
    if (literals.size >= MAX_LITERALS) return;
    if (value.kind === "int") literals.add(value.value);
    else if (value.kind === "address") addresses.add(value.value);
    else if (value.kind === "bytes32" || value.kind === "string" || value.kind === "bytes") texts[value.kind].add(value.value);
  };
  program.tests.flatMap(literalsOf).forEach(note);
  for (const func of program.functions.values()) {
    visitBlock(func.body, {
      expr: (expr) => {
        if (expr.kind === "literal") note(expr.value);
      },
    });
  }
  const known = [...literals];
  const learn = (value: TestValue, type: Type): void => {
    switch (type.kind) {
      case "int":
        return seen.add(asInteger(value));
      case "bytes32":
      case "string":
      case "bytes":
        return texts[type.kind].add(String(value));
      case "list":
        return membersOf(value).forEach((item) => learn(item, type.element));
      case "struct":
        return membersOf(value).forEach((item, i) => learn(item, type.fields[i].type));
      case "tuple":
        return membersOf(value).forEach((item, i) => learn(item, type.elements[i].type));
      case "option":
        return isList(value) && value.length > 1 ? learn(value[1], type.inner) : undefined;
      case "enum":
      case "bool":
      case "address":
      case "handle":
      case "map":
      case "set":
      case "sequence":
      case "history":
      case "unit":
      case "poison":
        return;
    }
  };
  return {
    literal: (random) => (known.length === 0 ? undefined : random.pick(known)),
    seen: (random) => seen.pick(random),
    text: (random, kind) => texts[kind].pick(random),
    addresses: [...addresses],
    learn,
    learnCell(value) {
      if (typeof value === "bigint") seen.add(value);
      else if (typeof value === "string" && value.length === 66) texts.bytes32.add(value);
    },
  };
}

/** The last values, each once. */
class Ring<T> {
  private readonly items: T[] = [];
  private next = 0;

  add(item: T): void {
    if (this.items.includes(item)) return;
    this.items[this.next] = item;
    this.next = (this.next + 1) % MAX_SEEN;
  }

  /** Half of the time one of the newest: calls that belong together follow each other. */
  pick(random: Random): T | undefined {
    const { length } = this.items;
    if (length === 0) return undefined;
    if (random.chance(0.5)) return random.pick(this.items);
    return this.items[(this.next - 1 - random.below(Math.min(length, NEWEST)) + length) % length];
  }
}
