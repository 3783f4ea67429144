/** Ranges of loops: their type, and the greatest number of rounds, which must be known before the call runs. */
import type { ForStmt, Span } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { coerce } from "./coerce.ts";
import { POISON, report, U64 } from "./context.ts";
import type { Body } from "./context.ts";
import { flexibility } from "./flexible.ts";
import { checkSame } from "./same.ts";

/** Every round counts towards the cost bound of the call. */
const MAX_ROUNDS = 65_536;

interface Range {
  readonly from: Expr;
  readonly to: Expr;
  readonly max: number;
  readonly type: Type;
}

type RangeNode = Extract<ForStmt["over"], { kind: "range" }>;

export function checkRange(body: Body, span: Span, node: RangeNode): Range {
  // Bounds without a type of their own count like positions of a list.
  const free = flexibility(body, node.from) !== "no" && flexibility(body, node.to) !== "no";
  const [from, end] = checkSame(body, [node.from, node.to], free ? U64 : undefined);
  // Where the end is broken, nobody knows the type that the start would have taken from it.
  const type = from.type.kind === "int" && end.type.kind !== "poison" ? from.type : POISON;
  if (from.type.kind !== "int" && from.type.kind !== "poison") report(body, "E0334", node.from.span, { type: showType(from.type) });
  const to = type.kind === "poison" ? end : coerce(body, end, type);
  const rounds = constantRounds(from, to);
  const max = node.max === undefined ? undefined : checkCap(body, node);
  if (max === undefined && rounds === undefined && node.max === undefined && from.type.kind !== "poison" && to.type.kind !== "poison") {
    report(body, "E0327", { start: node.from.span.start, end: node.to.span.end });
  }
  const limit = max ?? rounds ?? 0n;
  if (limit > BigInt(MAX_ROUNDS)) report(body, "E0328", node.max?.span ?? span, { limit: MAX_ROUNDS });
  return { from, to, max: limit > BigInt(MAX_ROUNDS) ? 0 : Number(limit), type };
}

function constantRounds(from: Expr, to: Expr): bigint | undefined {
  if (from.kind !== "literal" || to.kind !== "literal" || from.value.kind !== "int" || to.value.kind !== "int") return undefined;
  const rounds = to.value.value - from.value.value;
  return rounds > 0n ? rounds : 0n;
}

function checkCap(body: Body, node: RangeNode): bigint | undefined {
  if (node.max === undefined) return undefined;
  const cap = body.program.check(body, node.max, U64);
  if (cap.type.kind === "poison") return undefined;
  if (cap.type.kind !== "int") {
    report(body, "E0301", node.max.span, { expected: "an integer constant", found: showType(cap.type) });
    return undefined;
  }
  if (cap.kind === "literal" && cap.value.kind === "int") return cap.value.value < 0n ? 0n : cap.value.value;
  report(body, "E0309", node.max.span);
  return undefined;
}
