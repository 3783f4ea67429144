/** A program checked from its texts alone, as tolerantly as can be: what its names stand for, and what is wrong. Two of these show what an edit changed. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { parseFile } from "../../grammar/parse.ts";
import { checkOnce, tolerantly } from "../state/facts.ts";
import { resolveNames } from "./resolve.ts";
import type { Occurrence } from "./symbol.ts";

export interface Rechecked {
  readonly names: ReadonlyMap<string, readonly Occurrence[]>;
  readonly errors: readonly Diagnostic[];
}

/** Undefined where the checker can't cope with what damaged declarations lack. */
export function recheck(root: string, texts: ReadonlyMap<string, string>): Rechecked | undefined {
  try {
    const { modules, diagnostics, facts } = checkOnce(root, (path) => texts.get(path), tolerantly(parseFile));
    if (facts === undefined) return undefined;
    return {
      names: new Map(modules.files.map(({ path, tree }) => [path, resolveNames(tree, facts)])),
      errors: [...modules.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error"),
    };
  } catch {
    return undefined;
  }
}
