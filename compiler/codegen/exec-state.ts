/**
 * Expressions that read cells. A plain access names its word. At a *wide* one, whose key no plan may know, exec hands the keys to a function of the
 * table, which gives the word to use; the keys are its arguments, so they are computed once and in order.
 */
import type { Type } from "../core/types.ts";
import type { Leaf, LeafIndex } from "../footprint/footprint.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import type { Expr, StatePlace, TypedId } from "../typed/tree.ts";
import { appliedCode, asStatement, binaryCode, callCode, numberCode, primary, sequenceCode, type Code } from "./code.ts";
import { noticedKeys, offsetText, wordText, type ExecScope } from "./exec-scope.ts";
import { kept } from "./exec-seq.ts";
import { line, type Line } from "./lines.ts";
import { propertyName, upperFirst } from "./names.ts";
import { castCode, fromNeutral, toNeutral } from "./neutral.ts";
import { keyMethod, loadMethod, representationOf, widthSuffix } from "./representation.ts";
import { annotation, helper, leafName, packedIndex, present, tableName, typeText, type ModuleScope } from "./scope.ts";

type Kind<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;

/** Keys and receivers whose computation may revert, as expressions that stand before the access. */
export function noticed(scope: ExecScope, exprs: readonly Expr[]): readonly Code[] {
  return noticedKeys(scope, { keys: exprs }).map((expr) => scope.emit.expr(scope, expr));
}

// --- words ---------------------------------------------------------------------------------------------------------

/** The call that gives the word of a wide access to `count` leaves from `leaf` on. */
export function located(
  scope: ExecScope,
  leaf: Leaf,
  word: string,
  count: number,
  writes: boolean,
  keys: readonly (Code | string)[],
): Code {
  return callCode(locator(scope.module, leaf), ["x", word, leafName(scope.module, leaf), String(count), String(writes), ...keys]);
}

/** One function per table: keys are fed one after the other, so nothing may be computed between them. */
function locator(module: ModuleScope, leaf: Leaf): string {
  const table = tableName(module, present(leaf.table, "a wide access"));
  const known = module.used.converters.get(table);
  if (known !== undefined) return known.name;
  const name = module.names.take(`locate${upperFirst(leaf.field?.name ?? "coin")}`);
  const keys = leaf.keys.map((type, i) => ({ type, name: `key${String(i + 1)}` }));
  const params = [
    ...["x: Exec", "word: number", "leaf: number", "count: number", "writes: boolean"],
    ...keys.map((key) => `${key.name}: ${typeText(module, key.type)}`),
  ].map((param) => {
    const colon = param.indexOf(":");
    return param.slice(0, colon) + annotation(module, param.slice(colon));
  });
  const feeds = keys.map((key) => `  x.${keyMethod(key.type)}(${key.name});\n`).join("");
  const text = `function ${name}(${params.join(", ")})${annotation(module, ": number")} {\n${feeds}  return x.locate(word, ${table}, leaf, count, writes);\n}`;
  module.used.converters.set(table, { name, text });
  return name;
}

/** Leaves of an access; `used` are the indexes of those whose words the plan fills. */
interface Accessed {
  readonly leaves: readonly Leaf[];
  readonly used: readonly number[];
}

function allOf(leaves: readonly Leaf[]): Accessed {
  return { leaves, used: leaves.map((_, i) => i) };
}

/** `use` gets the words of the leaves; what it makes is evaluated behind the keys. */
function atWords(
  scope: ExecScope,
  id: TypedId,
  place: StatePlace,
  { leaves, used }: Accessed,
  use: (word: (i: number) => string) => Code,
): Code {
  if (!scope.wide.has(id))
    return sequenceCode(
      noticed(scope, place.keys),
      use((i) => wordText(scope, id, i)),
    );
  const { module } = scope;
  const keys = place.keys.map((key) => scope.emit.expr(scope, key));
  const find = (i: number, count: number, by: readonly (Code | string)[]): Code =>
    located(scope, leaves[i], wordText(scope, id, i), count, false, by);
  const first = used[0];
  if (used.length === 1) return use(() => find(first, 1, keys).text);
  if (used.every((i, nth) => i === first + nth)) {
    const value = use((i) => offsetText("w", i - first));
    return appliedCode([`w${annotation(module, ": number")}`], value, [find(first, used.length, keys)]);
  }
  // Not all in a row: one by one, with the keys computed once.
  const names = keys.map((_, i) => `k${String(i + 1)}`);
  const params = names.map((name, i) => name + annotation(module, `: ${typeText(module, leaves[0].keys[i])}`));
  return appliedCode(
    params,
    use((i) => find(i, 1, names).text),
    keys,
  );
}

/** Keys of a statement's place, computed before anything else of it. */
export interface Keyed {
  /** Adds what must stand right before the access; gives the words. */
  readonly words: (lines: Line[]) => (i: number) => string;
}

export function keyed(scope: ExecScope, id: TypedId, place: StatePlace, leaves: readonly Leaf[], lines: Line[]): Keyed {
  if (!scope.wide.has(id)) {
    lines.push(...noticed(scope, place.keys).map((code) => line(asStatement(code))));
    return { words: () => (i) => wordText(scope, id, i) };
  }
  const keys = place.keys.map((key) => scope.emit.expr(scope, kept(scope, key, lines)));
  return {
    words: (before) => {
      const word = located(scope, leaves[0], wordText(scope, id), leaves.length, true, keys);
      const name = scope.names.temporary("w");
      before.push(line(`const ${name} = ${word.text};`));
      return (i) => offsetText(name, i);
    },
  };
}

/** A value as its cell takes it. */
export function storedCode(module: ModuleScope, type: Type, value: Code): Code {
  const form = representationOf(type);
  if (form !== "list" && form !== "variant") return value;
  return callCode("x.pack", [String(packedIndex(module, type)), toNeutral(module, type, value)]);
}

// --- loads -----------------------------------------------------------------------------------------------------------

/** The value of one cell. */
export function loadLeaf(scope: ExecScope, leaf: Leaf, word: string): Code {
  const load = primary(`x.${loadMethod(leaf.type)}(${leafName(scope.module, leaf)}, ${word})`);
  return unpacked(scope.module, leaf.type, load);
}

/** Lists, options and enums with payload are bytes in their cell. */
function unpacked(module: ModuleScope, type: Type, bytes: Code): Code {
  const form = representationOf(type);
  if (form !== "list" && form !== "variant") return bytes;
  return fromNeutral(module, type, callCode("x.unpack", [String(packedIndex(module, type)), bytes]));
}

export function loadCode(scope: ExecScope, expr: Kind<"load">): Code {
  const leaves = leavesOfPlace(scope.module.leaves, expr.place);
  const used = scope.module.footprints.usedLeaves.get(expr.id);
  if (leaves.length > 1 && used?.size === 0) return sequenceCode(noticed(scope, expr.place.keys), primary("{}"));
  const accessed = leaves.length > 1 && used !== undefined ? { leaves, used: indexesIn(leaves, used) } : allOf(leaves);
  return atWords(scope, expr.id, expr.place, accessed, (word) => {
    let next = 0;
    const value = build(scope, expr.type, () => {
      const i = next++;
      if (leaves.length > 1 && used?.has(leaves[i].index) === false) return undefined;
      return loadLeaf(scope, leaves[i], word(i));
    });
    return value ?? primary("{}");
  });
}

function indexesIn(leaves: readonly Leaf[], used: ReadonlySet<LeafIndex>): readonly number[] {
  return leaves.flatMap((leaf, i) => (used.has(leaf.index) ? [i] : []));
}

export function immutableCode(scope: ExecScope, expr: Kind<"immutable">): Code {
  const leaves = scope.module.leaves.byField[expr.field.index];
  let next = 0;
  const value = build(scope, expr.type, () => {
    const leaf = leaves[next++];
    return unpacked(scope.module, leaf.type, primary(`x.immutable${widthSuffix(leaf.type)}(${leafName(scope.module, leaf)})`));
  });
  return value ?? primary("{}");
}

/** A value put together from its leaves; members none of whose leaves are used are left out. */
function build(scope: ExecScope, type: Type, leaf: () => Code | undefined): Code | undefined {
  if (type.kind === "struct") {
    const members = type.fields.flatMap((field) => {
      const value = build(scope, field.type, leaf);
      return value === undefined ? [] : [`${propertyName(field.name)}: ${value.text}`];
    });
    return members.length === 0 ? undefined : primary(`{ ${members.join(", ")} }`);
  }
  if (type.kind === "tuple") {
    const elements = type.elements.map((element) => build(scope, element.type, leaf));
    if (elements.every((element) => element === undefined)) return undefined;
    const types = type.elements.map((element, i) => (elements[i] === undefined ? "undefined" : typeText(scope.module, element.type)));
    const list = primary(`[${elements.map((element) => element?.text ?? "undefined").join(", ")}]`);
    return castCode(scope.module, list, `readonly [${types.join(", ")}]`);
  }
  return leaf();
}

// --- collections -----------------------------------------------------------------------------------------------------

/** Some leaf isn't its default (rule K1). */
export function hasCode(scope: ExecScope, expr: Kind<"has">): Code {
  const leaves = leavesOfPlace(scope.module.leaves, expr.place);
  return atWords(scope, expr.id, expr.place, allOf(leaves), (word) =>
    leaves
      .map((leaf, i) => differs(leaf, primary(`x.${loadMethod(leaf.type)}(${leafName(scope.module, leaf)}, ${word(i)})`)))
      .reduce((left, right) => binaryCode("||", left, right)),
  );
}

/** The id of the zero address. */
const ZERO_ADDRESS = "1";

function differs({ type }: Leaf, value: Code): Code {
  if (type.kind === "address" || type.kind === "handle") return binaryCode("!==", value, primary(ZERO_ADDRESS));
  switch (representationOf(type)) {
    case "bool":
      return value;
    case "number":
      return binaryCode("!==", value, primary("0"));
    case "big":
      return binaryCode("!==", value, numberCode("0n", undefined));
    default:
      return binaryCode("!==", { ...value, text: `${value.text}.length` }, primary("0"));
  }
}

export function setChangeCode(scope: ExecScope, expr: Kind<"setChange">): Code {
  const { module } = scope;
  const [entry] = leavesOfPlace(module.leaves, expr.entry);
  const [length] = leavesOfPlace(module.leaves, expr.length);
  const change = helper(expr.op === "add" ? "addMember" : "removeMember");
  const words = [wordText(scope, expr.id), wordText(scope, expr.id, 1)];
  const call = (entryWord: string, lengthWord: string): Code =>
    callCode(change, ["x", leafName(module, entry), entryWord, leafName(module, length), lengthWord]);
  if (!scope.wide.has(expr.id)) return sequenceCode(noticed(scope, expr.entry.keys), call(words[0], words[1]));
  // The keys of the length are the first ones of the entry's; each is computed once.
  const names = expr.entry.keys.map((_, i) => `k${String(i + 1)}`);
  const params = names.map((name, i) => name + annotation(module, `: ${typeText(module, entry.keys[i])}`));
  const lengthWord =
    length.table === undefined ? words[1] : located(scope, length, words[1], 1, true, names.slice(0, length.keys.length)).text;
  const body = call(located(scope, entry, words[0], 1, true, names).text, lengthWord);
  return appliedCode(
    params,
    body,
    expr.entry.keys.map((key) => scope.emit.expr(scope, key)),
  );
}

export function pastCode(scope: ExecScope, expr: Kind<"past">): Code {
  const leaves = leavesOfPlace(scope.module.leaves, expr.place);
  const [leaf] = leaves;
  return atWords(scope, expr.id, expr.place, allOf(leaves), (word) => {
    const value = callCode("x.past", [leafName(scope.module, leaf), word(0), scope.emit.expr(scope, expr.height)]);
    return representationOf(expr.type) === "number" ? callCode("Number", [value]) : value;
  });
}
