/**
 * Probes: calls that an emitted module makes at each statement, choice, event, and at both ends of each function, for coverage and traces. Off, not a
 * letter of the text is different. On, the module has a table of functions that do nothing, as its export `module.probes`; who runs it puts
 * others in their places. Nodes of the typed tree are named by their ids, which are unique in a program.
 */
import type { ErrorCall, EventDef, Func, Stmt, TypedId } from "../typed/tree.ts";
import { callCode, primary, unaryCode, type Code } from "./code.ts";
import { line, type Line } from "./lines.ts";
import { stringText } from "./literals.ts";
import type { ExecScope } from "./exec-scope.ts";
import { functionName, shapeIndex, type ModuleScope } from "./scope.ts";

export type Probing = "off" | "on";

/** A line that says that the statement begins. */
export function stepLines({ module }: ExecScope, stmt: Stmt): readonly Line[] {
  return module.probes === undefined ? [] : [line(`${module.probes}.step(${String(stmt.id)});`)];
}

/** The condition, told to the probe: it gives it back. */
export function chosen({ module }: ExecScope, id: TypedId, cond: Code): Code {
  return module.probes === undefined ? cond : callCode(`${module.probes}.choice`, [String(id), cond]);
}

/** Whether a check failed, where the text says so of a failure; told to the probe the other way round. */
export function failing(scope: ExecScope, id: TypedId, failed: string, orElse: ErrorCall | undefined): string {
  if (scope.module.probes === undefined || orElse === undefined) return failed;
  return unaryCode("!", chosen(scope, id, primary(`!(${failed})`))).text;
}

/** A choice that is known to go one way. */
export function choiceLine(scope: ExecScope, id: TypedId, cond: string): readonly Line[] {
  return scope.module.probes === undefined ? [] : [line(`${chosen(scope, id, primary(cond)).text};`)];
}

export function eventLines({ probes }: ModuleScope, event: EventDef, params: readonly string[]): readonly Line[] {
  return probes === undefined ? [] : [line(`${probes}.event(x, ${stringText(event.key)}, [${params.join(", ")}]);`)];
}

/** At the start of an entry: a call from outside begins a new trace. */
export function beginLines({ probes }: ModuleScope, func: Func): readonly Line[] {
  return probes === undefined ? [] : [line(`if (!x.nested) ${probes}.begin(x, ${String(func.id)});`)];
}

/** A function of the same name around the body's own, which tells arguments and result. */
export function aroundBody(module: ModuleScope, func: Func, body: string): string {
  const names = func.params.map((_, i) => `p${String(i + 1)}`);
  const { probes = "" } = module;
  const outer = functionName(module, func.id);
  const call = `${body}(${["x", "b", ...names].join(", ")})`;
  const enter = `${probes}.enter(x, ${String(func.id)}, [${names.join(", ")}]);`;
  return `function ${outer}(${["x", "b", ...names].join(", ")}) {\n  ${enter}\n  return ${probes}.leave(x, ${call});\n}\n`;
}

/** `address` is the shape by which `x.concat` gives the bytes of an address. */
export function probeTable(module: ModuleScope): string {
  if (module.probes === undefined) return "";
  const address = shapeIndex(module, [{ kind: "address" }]);
  const idle = "begin() {}, enter() {}, leave: (x, value) => value, step() {}, choice: (id, held) => held, event() {}";
  return `const ${module.probes} = { address: ${String(address)}, ${idle} };`;
}
