/** How large types may be: every pass behind the checker, every value and every cell is bounded by these. */
import type { Span } from "../../grammar/ast.ts";
import { extentOf, membersBelow } from "../core/members.ts";
import { isPacked, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import { POISON, siteOf } from "./context.ts";
import type { FileScope, ProgramContext } from "./context.ts";

/** Cells of one struct; each is a cell of its own in state, so this bounds what one access touches. */
const MAX_LEAVES = 256;
/** Types that one type is made of, all that is nested spelled out: what the passes behind the checker walk and write down. */
const MAX_PARTS = 4_096;
/** Bytes of the longest value of a type: room for a list of that many words, and for little more. */
const MAX_VALUE_BYTES = 4 * 1_024 * 1_024;
/** Bytes of a value that is kept in one cell, and so is read and written as a whole. */
const MAX_CELL_BYTES = 65_536;

interface Scope {
  readonly program: ProgramContext;
  readonly file: FileScope;
}

export function checkSize(scope: Scope, span: Span, type: Type, name: string): Type {
  if (type.kind === "poison") return type;
  const refuse = (limit: string): void => {
    scope.program.reporter.report("E0307", siteOf(scope.file, span), { name, limit });
  };
  const { leaves, parts, bytes } = extentOf(type);
  if (leaves > MAX_LEAVES) refuse(`${MAX_LEAVES} leaves`);
  else if (parts > MAX_PARTS) refuse(`${MAX_PARTS} parts`);
  else if (bytes > MAX_VALUE_BYTES) refuse(`${MAX_VALUE_BYTES} bytes`);
  else return type;
  return POISON;
}

/** What takes one cell as a whole is bounded further: each access moves all of it. */
export function checkCells(scope: Scope, span: Span, type: Type): Type {
  let value = type;
  while (value.kind === "map") value = value.value;
  const large = membersBelow(value).find((member) => isPacked(member.type) && extentOf(member.type).bytes > MAX_CELL_BYTES);
  if (large === undefined) return type;
  const help = "keep its elements in a map: each is a cell of its own";
  const limit = `${MAX_CELL_BYTES} bytes, the most that one cell holds`;
  scope.program.reporter.report("E0307", siteOf(scope.file, span), { name: showType(large.type), limit }, { help });
  return POISON;
}
