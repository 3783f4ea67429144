/** Arguments in plan functions: names for their values, and the lines that read them from the calldata. */
import type { ArgHead, EntryPlan } from "../footprint/footprint.ts";
import type { Func } from "../typed/tree.ts";
import { offsetText } from "./exec-scope.ts";
import { definition, type Line } from "./lines.ts";
import type { FunctionNames } from "./names.ts";
import { isListOfWords } from "./plan-neutral.ts";
import type { ArgNames } from "./plan-scope.ts";
import { representationOf, wordKind } from "./representation.ts";

export function argNames(names: FunctionNames, func: Func, head: ArgHead): ArgNames {
  const param = func.params[head.param];
  let { type } = param;
  const parts = [param.name];
  for (const member of head.path) {
    if (type.kind === "struct") {
      parts.push(type.fields[member].name);
      type = type.fields[member].type;
    } else if (type.kind === "tuple") {
      parts.push(type.elements[member].name ?? String(member));
      type = type.elements[member].type;
    }
  }
  const wish = parts.join("_");
  return {
    head,
    value: names.take(head.type.kind === "list" ? `${wish}Ids` : wish),
    length: hasLength(head) ? names.take(`${wish}Length`) : "",
    up: hasBound(head) ? names.take(`${wish}Up`) : "",
  };
}

function hasBound({ type }: ArgHead): boolean {
  return type.kind === "int" && !type.signed;
}

export function hasLength(head: ArgHead): boolean {
  return ["list", "string", "bytes"].includes(head.type.kind);
}

/** Decoded arguments; those that no term uses are dropped, but for addresses, whose ids exec finds in the record. */
export function argLines({ head, value, up }: ArgNames, entry: EntryPlan, open: boolean): readonly Line[] {
  const index = String(head.head);
  const word = entry.frame.args.get(head.head);
  if (word !== undefined) {
    const method = head.type.kind === "list" ? "argAddresses" : open ? "openAddress" : "argAddress";
    const call = `p.${method}(${index}, ${offsetText("b", word)});`;
    return [definition([value], `const ${value} = ${call}`, call)];
  }
  const read = readArgument(head, open ? "open" : "arg");
  if (read === undefined) return [];
  const bound = hasBound(head) ? [definition([up], `const ${up} = p.${open ? "openUp" : "argUp"}(${index});`, undefined)] : [];
  return [definition([value], `const ${value} = ${read};`, undefined), ...bound];
}

function readArgument({ head, type }: ArgHead, how: "arg" | "open"): string | undefined {
  const index = String(head);
  switch (representationOf(type)) {
    case "bool":
      return `p.${how}Bool(${index})`;
    case "number":
      return `p.${how}Number(${index})`;
    case "big":
      return `p.${how}Big(${index}, "${wordKind(type)}")`;
    case "bytes":
      return `p.argBytes(${index})`;
    case "list":
    case "struct":
    case "tuple":
      // A list of words is looked into where it lies, without a copy.
      return isListOfWords(type) ? undefined : `p.argValue(${index})`;
    case "unit":
    case "variant":
      return undefined;
  }
}
