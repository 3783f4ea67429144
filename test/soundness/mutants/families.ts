/** Small programs, each made to show mistakes that random programs show seldom or never. The first contract is deployed and called. */
import { compileText } from "../../helpers/suites.ts";
import { hardSuite, subjectOf } from "../subjects.ts";
import type { Subject } from "../subjects.ts";

const FAMILIES: Readonly<Record<string, string>> = {};

export function familyNames(): readonly string[] {
  return Object.keys(FAMILIES);
}

export function familyNamed(name: string): Subject | undefined {
  const source = new Map(Object.entries(FAMILIES)).get(name);
  if (source === undefined) return undefined;
  const compiled = compileText(source);
  return subjectOf(name, source, hardSuite(name, compiled), compiled);
}
