/** What a call's function number stands for: the number is an index into `module.functions`, or FUNCTION_INIT. */
import type { ArgShape } from "../abi/shape.ts";
import type { FunctionEntry } from "../module.ts";
import type { Code } from "../state/code.ts";
import { FUNCTION_INIT } from "./memory.ts";

export function entryOf(code: Code, func: number): FunctionEntry {
  return func === FUNCTION_INIT ? code.module.init : code.module.functions[func];
}

/** Shape of its arguments. */
export function shapeOf(code: Code, func: number): ArgShape {
  return func === FUNCTION_INIT ? code.initShape : code.shapes[func];
}
