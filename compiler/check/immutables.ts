/** Whether `init` sets every immutable on every path to its end. */
import type { Field, Site, Stmt } from "../typed/tree.ts";
import type { ProgramContext } from "./context.ts";

export function checkImmutables(
  program: ProgramContext,
  fields: readonly Field[],
  init: readonly Stmt[],
  at: Site,
  hasInit: boolean,
): void {
  const immutables = fields.filter((field) => field.kind === "immutable" && field.type.kind !== "poison");
  if (immutables.length === 0) return;
  const ends: Set<number>[] = [];
  const atEnd = assigned(init, new Set(), ends);
  if (atEnd !== undefined) ends.push(atEnd);
  for (const field of immutables) {
    if (ends.every((end) => end.has(field.index))) continue;
    const extra = hasInit
      ? { notes: [{ ...at, text: "this `init` doesn't always set it" }] }
      : { help: `the contract needs an \`init\` that sets it: \`init(${field.name}: …) { self.${field.name} = ${field.name}; }\`` };
    program.reporter.report("E0404", field.site, { name: field.name }, extra);
  }
}

/** What is set after the statements; undefined if control doesn't come out. `return`s add to `ends`. */
function assigned(stmts: readonly Stmt[], before: ReadonlySet<number>, ends: Set<number>[]): Set<number> | undefined {
  const known = new Set(before);
  for (const stmt of stmts) {
    switch (stmt.kind) {
      case "store":
        if (stmt.place.field.kind === "immutable") known.add(stmt.place.field.index);
        break;
      case "if": {
        const then = assigned(stmt.then, known, ends);
        const otherwise = assigned(stmt.otherwise, known, ends);
        if (then === undefined && otherwise === undefined) return undefined;
        for (const index of then ?? otherwise ?? []) {
          if ((then?.has(index) ?? true) && (otherwise?.has(index) ?? true)) known.add(index);
        }
        break;
      }
      case "forList":
      case "forRange":
        // A loop may run no round at all.
        assigned(stmt.body, known, ends);
        break;
      case "return":
        ends.push(known);
        return undefined;
      case "revert":
        return undefined;
      default:
        break;
    }
  }
  return known;
}
