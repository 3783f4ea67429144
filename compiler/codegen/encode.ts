/** Lines that put values into return data, error data and logs, in the layout of the contract ABI. */
import { Bug } from "../core/bug.ts";
import { isDynamic, type Type } from "../core/types.ts";
import type { ErrorDef, EventDef } from "../typed/tree.ts";
import { abiSignature, selectorOf } from "../core/selector.ts";
import { memberCode, primary, type Code } from "./code.ts";
import { memberText } from "./exec-value.ts";
import { block, line, newWriter, printLines, type Line } from "./lines.ts";
import { functionNames, type FunctionNames } from "./names.ts";
import { eventLines } from "./probes.ts";
import { representationOf } from "./representation.ts";
import { annotation, errorName, eventName, typeText, type ModuleScope } from "./scope.ts";

/** Words of a value in the head of its message: one for dynamic ones, which lie in the tail. */
export function headWords(type: Type): number {
  if (isDynamic(type)) return 1;
  if (type.kind === "struct") return total(type.fields.map((field) => field.type));
  if (type.kind === "tuple") return total(type.elements.map((element) => element.type));
  return 1;
}

export function total(types: readonly Type[]): number {
  return types.reduce((sum, type) => sum + headWords(type), 0);
}

export function putLines(type: Type, value: Code, names: FunctionNames): readonly Line[] {
  switch (type.kind) {
    case "struct":
    case "tuple": {
      const members = type.kind === "struct" ? type.fields : type.elements;
      const puts = members.flatMap((member, i) => putLines(member.type, memberCode(value, memberText(type, i)), names));
      if (!isDynamic(type)) return puts;
      return [line(`x.openTuple(${String(total(members.map((member) => member.type)))});`), ...puts, line("x.close();")];
    }
    case "list": {
      const item = names.temporary("item");
      const body = putLines(type.element, primary(item), names);
      return [
        line(`x.openList(${memberCode(value, ".length").text}, ${String(headWords(type.element))});`),
        block(`for (const ${item} of ${value.text})`, body),
        line("x.close();"),
      ];
    }
    default:
      return [line(`x.${putMethod(type)}(${value.text});`)];
  }
}

function putMethod(type: Type): string {
  if (type.kind === "address" || type.kind === "handle") return "putAddress";
  switch (representationOf(type)) {
    case "bool":
      return "putBool";
    case "number":
      return "putNumber";
    case "big":
      return "putBig";
    case "bytes":
      return "putBytes";
    default:
      throw new Bug(`putMethod: ${type.kind}`);
  }
}

/** The function that begins a revert with this error and gives what is thrown. */
export function errorFunction(scope: ModuleScope, error: ErrorDef): string {
  const names = functionNames(scope.names, ["x"]);
  const params = error.params.map((param) => ({ name: names.take(param.name), type: param.type }));
  const types = error.params.map((param) => param.type);
  const signature = abiSignature(error.name, types);
  const lines = [
    line(`x.error(${selectorOf(signature)}, ${String(total(types))});`),
    ...params.flatMap(({ name, type }) => putLines(type, primary(name), names)),
    line("return x.revert();"),
  ];
  return functionText(scope, {
    name: errorName(scope, error),
    doc: `error ${signature}`,
    params,
    result: annotation(scope, ": Revert"),
    lines,
  });
}

export function eventFunction(scope: ModuleScope, event: EventDef): string {
  const names = functionNames(scope.names, ["x"]);
  const params = event.params.map((param) => ({ ...param, name: names.take(param.name) }));
  const plain = params.filter((param) => !param.indexed);
  const index = scope.events.findIndex((candidate) => candidate.key === event.key);
  const signature = abiSignature(
    event.name,
    params.map((param) => param.type),
  );
  const lines = [
    ...eventLines(
      scope,
      event,
      params.map(({ name }) => name),
    ),
    line(`x.event(${String(index)}, ${String(total(plain.map((param) => param.type)))});`),
    ...params.filter((param) => param.indexed).map(({ name, type }) => line(`x.${topicMethod(type)}(${name});`)),
    ...plain.flatMap(({ name, type }) => putLines(type, primary(name), names)),
    line("x.emit();"),
  ];
  return functionText(scope, {
    name: eventName(scope, event),
    doc: `event ${signature}`,
    params,
    result: annotation(scope, ": void"),
    lines,
  });
}

function topicMethod(type: Type): string {
  if (type.kind === "address" || type.kind === "handle") return "topicAddress";
  switch (representationOf(type)) {
    case "bool":
      return "topicBool";
    case "number":
      return "topicNumber";
    case "big":
      return "topicBig";
    case "bytes":
      return "topicBytes";
    default:
      throw new Bug(`topicMethod: ${type.kind}`);
  }
}

interface FunctionText {
  readonly name: string;
  readonly doc: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result: string;
  readonly lines: readonly Line[];
}

function functionText(scope: ModuleScope, { name, doc, params, result, lines }: FunctionText): string {
  const list = [
    `x${annotation(scope, ": Exec")}`,
    ...params.map((param) => param.name + annotation(scope, `: ${typeText(scope, param.type)}`)),
  ];
  const writer = newWriter();
  writer.writeLine(`/** ${doc} */`);
  writer.write(`function ${name}(${list.join(", ")})${result} `).inlineBlock(() => {
    printLines(writer, lines);
  });
  return writer.toString();
}
