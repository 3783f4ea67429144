/**
 * The public door of the compiler, for programs that embed it: from texts by path to diagnostics, typed results and emitted texts. It reads no files and
 * writes none: `read` gives the text of a path, or undefined where there is none. A user's mistake is a diagnostic; what is thrown is a bug of ours.
 */
import type { ContractOutputs } from "./codegen/outputs.ts";
import { outputsOf } from "./codegen/outputs.ts";
import type { Compilation as Analysis } from "./pipeline.ts";
import { compile as analyse } from "./pipeline.ts";

export interface Compilation extends Analysis {
  /** In the order of the program; empty when there is an error. */
  readonly contracts: readonly ContractOutputs[];
}

/** Checks the file at `root` and all it imports, and emits nothing: for tools that only want to know what is wrong or what a program touches. */
export function check(root: string, read: (path: string) => string | undefined): Analysis {
  return analyse(root, read);
}

/** Compiles the file at `root` and all it imports. */
export function compile(root: string, read: (path: string) => string | undefined): Compilation {
  const analysis = analyse(root, read);
  const { compiled } = analysis;
  const contracts = compiled === undefined ? [] : compiled.program.contracts.map((contract) => outputsOf(contract, compiled));
  return { ...analysis, contracts };
}

export { Bug } from "./core/bug.ts";
export { codeInfo, isCode } from "./diagnostics/codes.ts";
export type { Code, CodeInfo } from "./diagnostics/codes.ts";
export { lineStarts, positionAt } from "../grammar/lines.ts";
export type { Position } from "../grammar/lines.ts";
export type { Diagnostic, Edit, Fix, Note, Place, Severity } from "./diagnostics/diagnostic.ts";
export type { Span } from "../grammar/ast.ts";
export type { AbiEntry, AbiParam } from "./codegen/abi.ts";
export type { FieldLayout, LeafLayout } from "./codegen/layout.ts";
export type { ContractOutputs, StorageLayout } from "./codegen/outputs.ts";
export type { ClaimVerdict } from "./conflicts/conflict.ts";
export { evaluateCost } from "./cost/polynomial.ts";
export type { CostBound } from "./cost/polynomial.ts";
export type { Compilation as Analysis, Compiled } from "./pipeline.ts";
export type * from "./core/types.ts";
export type * from "./footprint/footprint.ts";
export type * from "./typed/tree.ts";
