/** Whether a function may draw a number on entry at all: most can't, and walking their bodies for it would take longer than running them. */
import type { FuncId, Program } from "../../compiler/typed/tree.ts";

const remembered = new WeakMap<Program, Map<FuncId, boolean>>();

/** It, or a function that it calls, has a `next()`, calls another contract or makes one. Found in the tree whatever its shape. */
export function mayDraw(program: Program, id: FuncId): boolean {
  const known = remembered.get(program) ?? new Map<FuncId, boolean>();
  remembered.set(program, known);
  const found = known.get(id) ?? drawsIn(program, program.functions.get(id)?.body);
  known.set(id, found);
  return found;
}

const DRAWING = new Set<unknown>(["next", "external", "rawCall", "create"]);

function drawsIn(program: Program, node: unknown): boolean {
  if (Array.isArray(node)) return node.some((each) => drawsIn(program, each));
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && DRAWING.has(node.kind)) return true;
  const callee = calleeOf(program, node);
  if (callee !== undefined && mayDraw(program, callee)) return true;
  return Object.entries(node).some(([name, value]) => name !== "type" && name !== "site" && name !== "field" && drawsIn(program, value));
}

function calleeOf(program: Program, node: object): FuncId | undefined {
  if (!("kind" in node) || node.kind !== "call" || !("func" in node)) return undefined;
  for (const id of program.functions.keys()) if (id === node.func) return id;
  return undefined;
}
