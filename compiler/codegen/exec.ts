/** Functions of a module that run on state: one per Weft function, and one entry per external function that decodes and encodes. */
import { Bug } from "../core/bug.ts";
import { isScalar } from "./exec-scope.ts";
import type { Type } from "../core/types.ts";
import type { ArgHead, EntryPlan } from "../footprint/footprint.ts";
import type { Func } from "../typed/tree.ts";
import { primary } from "./code.ts";
import { putLines, total } from "./encode.ts";
import { execScope } from "./exec-scope.ts";
import { blockLines } from "./exec-stmt.ts";
import { inComment, line, newWriter, printLines, withoutUnused, type Line } from "./lines.ts";
import { functionNames, propertyName } from "./names.ts";
import { representationOf, wordKind } from "./representation.ts";
import { annotation, functionName, present, typeText, type ModuleScope } from "./scope.ts";

/** A Weft function: `b` is the start of its region in the record. */
export function bodyFunction(module: ModuleScope, func: Func): string {
  const scope = execScope(module, func);
  const params = [
    `x${annotation(module, ": Exec")}`,
    `b${annotation(module, ": number")}`,
    ...func.params.map((param) => scope.locals[param.id] + annotation(module, `: ${typeText(module, param.type)}`)),
  ];
  const result = annotation(module, `: ${typeText(module, func.result)}`);
  const lines = withoutUnused(blockLines(scope, func.body), new Set());
  const writer = newWriter();
  writeDoc(writer, func.doc);
  writer.write(`function ${functionName(module, func.id)}(${params.join(", ")})${result} `).inlineBlock(() => {
    printLines(writer, lines);
  });
  return writer.toString();
}

/** What the runtime calls: arguments in, the body, the result out. */
export function execFunction(module: ModuleScope, func: Func, entry: EntryPlan): string {
  const names = functionNames(module.names, ["x", "b"]);
  const lines: Line[] = [];
  const args = func.params.map((param, i) => {
    const value = argText(param.type, entry, i, []);
    if (!isScalar(param.type) && param.type.kind !== "list") {
      const name = names.take(param.name);
      lines.push(line(`const ${name}${annotation(module, `: ${typeText(module, param.type)}`)} = ${value};`));
      return name;
    }
    const name = names.take(param.name);
    lines.push(line(`const ${name} = ${value};`));
    return name;
  });
  if (entry.frame.receive !== undefined) lines.push(line(`x.receive(${baseText(entry.frame.receive)});`));
  const call = `${functionName(module, func.id)}(${["x", baseText(entry.frame.body), ...args].join(", ")})`;
  lines.push(...resultLines(func, call, names));
  const writer = newWriter();
  writer.write(`function ${nameOf(module, func)}(x${annotation(module, ": Exec")})${annotation(module, ": void")} `).inlineBlock(() => {
    printLines(writer, lines);
  });
  return writer.toString();
}

function resultLines(func: Func, call: string, names: ReturnType<typeof functionNames>): readonly Line[] {
  if (func.result.kind === "unit") return [line(`${call};`)];
  const result = names.temporary("result");
  const types = func.result.kind === "tuple" ? func.result.elements.map((element) => element.type) : [func.result];
  const puts =
    func.result.kind === "tuple"
      ? types.flatMap((type, i) => putLines(type, primary(`${result}[${String(i)}]`), names))
      : putLines(func.result, primary(result), names);
  return [line(`const ${result} = ${call};`), line(`x.result(${String(total(types))});`), ...puts];
}

function nameOf(module: ModuleScope, func: Func): string {
  return present(module.entryNames.get(func.id), func.name).exec;
}

function baseText(offset: number): string {
  return offset === 0 ? "x.base" : `x.base + ${String(offset)}`;
}

/** The value of a parameter; structs and tuples are put together from their head words. */
function argText(type: Type, entry: EntryPlan, param: number, path: readonly number[]): string {
  if (type.kind === "struct") {
    const members = type.fields.map((field, i) => `${propertyName(field.name)}: ${argText(field.type, entry, param, [...path, i])}`);
    return `{ ${members.join(", ")} }`;
  }
  if (type.kind === "tuple") return `[${type.elements.map((element, i) => argText(element.type, entry, param, [...path, i])).join(", ")}]`;
  return headText(headOf(entry, param, path), entry);
}

export function headOf(entry: EntryPlan, param: number, path: readonly number[]): ArgHead {
  const head = entry.heads.find(
    (candidate) =>
      candidate.param === param && candidate.path.length === path.length && candidate.path.every((member, i) => member === path[i]),
  );
  if (head === undefined) throw new Bug(`codegen: no head word for parameter ${String(param)}`);
  return head;
}

function headText({ head, type }: ArgHead, entry: EntryPlan): string {
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
        throw new Bug(`codegen: a list of ${element.kind} as a parameter`);
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
      throw new Bug(`codegen: ${type.kind} as a parameter`);
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
