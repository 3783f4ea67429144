/** The language server knows every name that the compiler knows, and has words for it. */
import { expect, test } from "vitest";
import { BUILTIN_NAMES } from "../../compiler/check/builtins.ts";
import { CONTEXT_WORDS as RESERVED_WORDS } from "../../compiler/check/declare.ts";
import { CONTEXT, methodsOf } from "../../compiler/check/path.ts";
import { TYPE_NAMES } from "../../compiler/check/resolve-type.ts";
import { BUILT_IN } from "../../compiler/check/test-expected.ts";
import type { Type } from "../../compiler/core/types.ts";
import { BUILTIN_ERRORS, BUILTIN_FUNCTIONS, BUILTIN_TYPES, CONTEXT_WORDS, METHODS, MODULES } from "../../lsp/symbols/builtins.ts";

const INT: Type = { kind: "int", signed: false, bits: 8 };
const TYPES: readonly Type[] = [
  { kind: "list", element: INT, max: 1 },
  { kind: "string", max: 1 },
  { kind: "bytes", max: 1 },
  { kind: "map", key: INT, value: INT },
  { kind: "set", key: INT },
  { kind: "sequence", bits: 32 },
  { kind: "history", value: INT },
  { kind: "option", inner: INT },
  INT,
];

test("functions, and those of modules", () => {
  const own = ["balance", "some"];
  expect([...BUILTIN_FUNCTIONS.keys()].filter((name) => !own.includes(name)).sort()).toEqual([...BUILTIN_NAMES].sort());
  const modules = BUILTIN_NAMES.flatMap((name) => (name.includes(".") ? [name.slice(0, name.indexOf("."))] : []));
  expect([...MODULES.keys()].sort()).toEqual([...new Set(modules)].sort());
});

test("types", () => {
  expect([...BUILTIN_TYPES.keys()].sort()).toEqual([...TYPE_NAMES].sort());
});

test("words of the context, with their types", () => {
  for (const [name, { type }] of CONTEXT) expect(CONTEXT_WORDS.get(name)).toContain(`${name}: u${type.kind === "int" ? type.bits : 0}`);
  for (const name of RESERVED_WORDS) expect([...CONTEXT_WORDS.keys()]).toContain(name);
});

test("errors that nobody declares", () => {
  expect([...BUILTIN_ERRORS.keys()].sort()).toEqual(BUILT_IN.map(({ name }) => name).sort());
  for (const { name, params } of BUILT_IN) expect(BUILTIN_ERRORS.get(name)?.parameters).toHaveLength(params.length);
});

test("what stands behind the dot, by type", () => {
  for (const type of TYPES) expect([...(METHODS.get(type.kind)?.keys() ?? [])].sort()).toEqual([...methodsOf(type)].sort());
});
