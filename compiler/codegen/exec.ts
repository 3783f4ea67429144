/** Functions of a module that run on state: one per Weft function, and one entry per external function that decodes and encodes. */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { ArgHead, EntryPlan } from "../footprint/footprint.ts";
import type { Func } from "../typed/tree.ts";
import { primary, type Code } from "./code.ts";
import { putLines, total } from "./encode.ts";
import { exprCode } from "./exec-expr.ts";
import { execScope, isScalar } from "./exec-scope.ts";
import { blockLines } from "./exec-stmt.ts";
import { resultTypes } from "./layout.ts";
import { inComment, line, newWriter, printLines, withoutUnused, type Line } from "./lines.ts";
import { functionNames, propertyName } from "./names.ts";
import { fromNeutral, toNeutral } from "./neutral.ts";
import { aroundBody, beginLines } from "./probes.ts";
import { representationOf, wordKind } from "./representation.ts";
import { annotation, functionName, hasStruct, present, typeText, type ModuleScope } from "./scope.ts";

/** A Weft function: `b` is the start of its region in the record. */
export function bodyFunction(module: ModuleScope, func: Func): string {
  const scope = execScope(module, func, { expr: exprCode, block: blockLines });
  const used = new Set<string>();
  const lines = withoutUnused(blockLines(scope, func.body), used);
  // A name with an underscore says that the function has no use for what it is given.
  const param = (name: string, type: string): string =>
    (used.has(name) ? name : scope.names.take(`_${name}`)) + annotation(module, `: ${type}`);
  const params = [
    param("x", "Exec"),
    param("b", "number"),
    ...func.params.map(({ id, type }) => param(scope.locals[id], typeText(module, type))),
  ];
  const result = annotation(module, `: ${typeText(module, func.result)}`);
  const writer = newWriter();
  const name = functionName(module, func.id);
  const own = module.probes === undefined ? name : module.names.take(`${name}Body`);
  if (own !== name) writer.write(aroundBody(module, func, own));
  writeDoc(writer, func.doc);
  writer.write(`function ${own}(${params.join(", ")})${result} `).inlineBlock(() => {
    printLines(writer, lines);
  });
  return writer.toString();
}

/** What the runtime calls: arguments in, the body, the result out. */
export function execFunction(module: ModuleScope, func: Func, entry: EntryPlan): string {
  const names = functionNames(module.names, ["x", "b"]);
  const lines: Line[] = [...beginLines(module, func)];
  const args = func.params.map((param, i) => {
    const name = names.take(param.name);
    const together = headAt(entry, i, []) === undefined && !isScalar(param.type);
    const type = together ? annotation(module, `: ${typeText(module, param.type)}`) : "";
    lines.push(line(`const ${name}${type} = ${argText(module, param.type, entry, i, [])};`));
    return name;
  });
  if (entry.frame.receive !== undefined) lines.push(line(`x.receive(${baseText(entry.frame.receive)});`));
  const call = `${functionName(module, func.id)}(${["x", baseText(entry.frame.body), ...args].join(", ")})`;
  lines.push(...resultLines(module, func, call, names));
  const writer = newWriter();
  const result = annotation(module, ": readonly Neutral[] | undefined");
  writer.write(`function ${nameOf(module, func)}(x${annotation(module, ": Exec")})${result} `).inlineBlock(() => {
    printLines(writer, lines);
  });
  return writer.toString();
}

/** The results as values for a calling contract, as return data for everybody else. */
function resultLines(module: ModuleScope, func: Func, call: string, names: ReturnType<typeof functionNames>): readonly Line[] {
  if (func.result.kind === "unit") return [line(`${call};`), line("return x.nested ? [] : undefined;")];
  const result = names.temporary("result");
  const types = resultTypes(func.result);
  const parts: readonly Code[] = func.result.kind === "tuple" ? types.map((_, i) => primary(`${result}[${String(i)}]`)) : [primary(result)];
  const values =
    func.result.kind === "tuple" && !hasStruct(func.result)
      ? result
      : `[${types.map((type, i) => toNeutral(module, type, parts[i]).text).join(", ")}]`;
  return [
    line(`const ${result} = ${call};`),
    line(`if (x.nested) return ${values};`),
    line(`x.result(${String(total(types))});`),
    ...types.flatMap((type, i) => putLines(type, parts[i], names)),
    line("return undefined;"),
  ];
}

function nameOf(module: ModuleScope, func: Func): string {
  return present(module.entryNames.get(func.id), func.name).exec;
}

function baseText(offset: number): string {
  return offset === 0 ? "x.base" : `x.base + ${String(offset)}`;
}

/** The value of a parameter; structs and tuples of static members are put together from their head words. */
function argText(module: ModuleScope, type: Type, entry: EntryPlan, param: number, path: readonly number[]): string {
  const head = headAt(entry, param, path);
  if (head !== undefined) return headText(module, head, entry);
  if (type.kind === "struct") {
    const members = type.fields.map(
      (field, i) => `${propertyName(field.name)}: ${argText(module, field.type, entry, param, [...path, i])}`,
    );
    return `{ ${members.join(", ")} }`;
  }
  if (type.kind === "tuple")
    return `[${type.elements.map((element, i) => argText(module, element.type, entry, param, [...path, i])).join(", ")}]`;
  throw new Bug(`codegen: no head word for parameter ${String(param)}`);
}

function headAt(entry: EntryPlan, param: number, path: readonly number[]): ArgHead | undefined {
  return entry.heads.find(
    (candidate) =>
      candidate.param === param && candidate.path.length === path.length && candidate.path.every((member, i) => member === path[i]),
  );
}

function headText(module: ModuleScope, { head, type }: ArgHead, entry: EntryPlan): string {
  const index = String(head);
  const word = (): string => baseText(present(entry.frame.args.get(head), `argument ${index}`));
  if (type.kind === "list") {
    const { element } = type;
    if (element.kind === "address" || element.kind === "handle") return `x.argAddresses(${index}, ${word()})`;
    switch (representationOf(element)) {
      case "bool":
        return `x.argBools(${index})`;
      case "number":
        return `x.argNumbers(${index}, "${wordKind(element)}")`;
      case "big":
        return `x.argBigs(${index}, "${wordKind(element)}")`;
      default:
        return fromNeutral(module, type, primary(`x.argValue(${index})`)).text;
    }
  }
  if (type.kind === "address" || type.kind === "handle") return `x.word(${word()})`;
  switch (representationOf(type)) {
    case "bool":
      return `x.argBool(${index})`;
    case "number":
      return `x.argNumber(${index})`;
    case "big":
      return `x.argBig(${index}, "${wordKind(type)}")`;
    case "bytes":
      return `x.argBytes(${index})`;
    default:
      return fromNeutral(module, type, primary(`x.argValue(${index})`)).text;
  }
}

export function writeDoc(writer: ReturnType<typeof newWriter>, doc: string): void {
  const rows = doc.split(/\r\n|[\n\r]/).map((row) => inComment(row.trim()));
  if (doc.trim() === "") return;
  if (rows.length === 1) writer.writeLine(`/** ${rows[0]} */`);
  else {
    writer.writeLine("/**");
    for (const row of rows) writer.writeLine(row === "" ? " *" : ` * ${row}`);
    writer.writeLine(" */");
  }
}
