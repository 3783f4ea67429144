/** Files of the corpus for the codes of independence assertions: each yields its code and no other. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";

const ERRORS = new URL("../../corpus/errors/", import.meta.url);

for (const code of ["E0501", "E0502", "E0503"]) {
  for (const name of readdirSync(new URL(code, ERRORS)).sort()) {
    it(`${code}: ${name}`, () => {
      const text = readFileSync(new URL(`${code}/${name}`, ERRORS), "utf8");
      const { diagnostics } = compile(name, (path) => (path === name ? text : undefined));
      expect(diagnostics.map((each) => each.code)).toEqual([code]);
    });
  }
}
