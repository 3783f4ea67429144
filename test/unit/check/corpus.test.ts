/** The corpus: a file under `errors/CODE` yields that code and nothing else, a file under `ok` yields nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CODES } from "../../../compiler/diagnostics/codes.ts";
import { checkPath } from "./door.ts";
import { validate } from "./validate.ts";

const CORPUS = new URL("../../corpus/", import.meta.url).pathname;
const ERRORS = `${CORPUS}errors`;
const OK = `${CORPUS}ok`;

/** Codes of the passes up to the checker; the passes behind it have suites of their own. */
function isOurs(code: string): boolean {
  return /^(E0[1234]|E060|E080|W0[2-9])/.test(code);
}

/** Codes that no file of the corpus can show; each is tested by hand. */
const ELSEWHERE = new Set(["E0108", "E0111", "E0801", "E0803"]);

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Files that start with `_` are imported by others. */
function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".weft") && !name.startsWith("_"))
    .sort();
}

describe("a file of the corpus yields the code its folder is named after, and no other", () => {
  for (const code of readdirSync(ERRORS).filter(isOurs).sort()) {
    for (const name of filesOf(`${ERRORS}/${code}`)) {
      test(`${code}: ${name}`, () => {
        const { codes } = checkPath(`${ERRORS}/${code}/${name}`, read);
        // After too many errors the parser says that it stopped.
        const others = codes.filter((found) => found !== code && !(code === "E0109" && found === "E0101"));
        expect(codes).toContain(code);
        expect(others).toEqual([]);
      });
    }
  }
});

describe("a file of `ok` yields no diagnostic and a program", () => {
  for (const name of filesOf(OK)) {
    test(name, () => {
      const { found, program } = checkPath(`${OK}/${name}`, read);
      expect(found).toEqual([]);
      expect(program).toBeDefined();
      if (program !== undefined) validate(program);
    });
  }
});

test("every code of these passes has a case in the corpus", () => {
  const covered = new Set(readdirSync(ERRORS));
  const missing = Object.keys(CODES).filter((code) => isOurs(code) && !ELSEWHERE.has(code) && !covered.has(code));
  expect(missing).toEqual([]);
});
