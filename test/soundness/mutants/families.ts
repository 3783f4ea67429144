/** Small programs, each made to show mistakes that random programs show seldom or never: the files of `families`. */
import { readdirSync, readFileSync } from "node:fs";
import { ROOT, compileText } from "../../helpers/suites.ts";
import { RANDOM_SUITE } from "../../footprints/programs.ts";
import { hardSuite, subjectOf } from "../subjects.ts";
import type { Subject } from "../subjects.ts";

const FOLDER = new URL("test/soundness/mutants/families/", ROOT);

export function familyNames(): readonly string[] {
  return readdirSync(FOLDER)
    .map((file) => file.replace(/\.weft$/, ""))
    .sort();
}

/** One contract, or three that call each other, deployed as those of random programs. */
export function familyNamed(name: string): Subject | undefined {
  if (!familyNames().includes(name)) return undefined;
  const source = readFileSync(new URL(`${name}.weft`, FOLDER), "utf8");
  const compiled = compileText(source);
  const suite = compiled.program.contracts.length > 1 ? RANDOM_SUITE : hardSuite(name, compiled);
  return subjectOf(name, source, suite, compiled);
}
