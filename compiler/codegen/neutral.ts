/**
 * Values between generated code and the runtime's codecs: structs are objects here and arrays there, everything else is the same. A type with structs
 * inside gets two functions in the module, `pointOf` and `neutralPoint`; for others a cast is enough.
 */
import { Bug } from "../core/bug.ts";
import { payloadsOf, showType, type Type } from "../core/types.ts";
import { callCode, memberCode, within, type Code } from "./code.ts";
import { lowerFirst, propertyName, upperFirst } from "./names.ts";
import { annotation, hasStruct, neutralText, present, typeText, type ModuleScope } from "./scope.ts";

/** A value as the runtime takes it. */
export function toNeutral(scope: ModuleScope, type: Type, value: Code): Code {
  if (!hasStruct(type)) return value;
  if (type.kind === "list") return memberCode(value, `.map(${itemConverter(scope, type.element, "to")})`);
  return callCode(converter(scope, type, "to"), [value]);
}

/** What the runtime gave as a value of the type. */
export function fromNeutral(scope: ModuleScope, type: Type, value: Code): Code {
  if (!hasStruct(type)) return castCode(scope, value, typeText(scope, type));
  if (type.kind === "list") {
    const list = castCode(scope, value, type.element.kind === "list" ? neutralText(type) : "readonly Neutral[]");
    return memberCode(list, `.map(${itemConverter(scope, type.element, "from")})`);
  }
  return callCode(converter(scope, type, "from"), [value]);
}

/** `value as T`, in TypeScript only. */
export function castCode(scope: ModuleScope, value: Code, type: string): Code {
  const cast = annotation(scope, ` as ${type}`);
  return cast === "" ? value : { text: `${within(value, 10)}${cast}`, binds: 1, small: undefined };
}

function itemConverter(scope: ModuleScope, element: Type, direction: "to" | "from"): string {
  if (element.kind !== "list") return converter(scope, element, direction);
  return `(item) => ${partText(scope, element, "item", direction)}`;
}

/** Parts of a value whose form was cast as a whole need no cast of their own. */
function partText(scope: ModuleScope, type: Type, value: string, direction: "to" | "from"): string {
  if (!hasStruct(type)) return value;
  if (type.kind === "list") return `${value}.map(${itemConverter(scope, type.element, direction)})`;
  return `${converter(scope, type, direction)}(${value})`;
}

/** The function's name; its text is made when it is first asked for. */
function converter(scope: ModuleScope, type: Type, direction: "to" | "from"): string {
  const key = `${direction} ${typeText(scope, type)}`;
  const known = scope.used.converters.get(key);
  if (known !== undefined) return known.name;
  const base = baseName(scope, type);
  const name = scope.names.take(direction === "to" ? `neutral${upperFirst(base)}` : `${lowerFirst(base)}Of`);
  // Types don't contain themselves, so nothing asks for this one before it is there.
  const text = direction === "to" ? toText(scope, type, name) : fromText(scope, type, name);
  scope.used.converters.set(key, { name, text });
  return name;
}

function baseName(scope: ModuleScope, type: Type): string {
  switch (type.kind) {
    case "struct":
    case "enum":
      return present(scope.structNames.get(type.key), type.name);
    case "option":
      return `optional${upperFirst(baseName(scope, type.inner))}`;
    case "list":
      return `${baseName(scope, type.element)}List`;
    case "tuple":
      return "tuple";
    default:
      return type.kind;
  }
}

interface Part {
  readonly type: Type;
  /** `.yes` or `[1]` in generated code, and the property of a struct's member. */
  readonly member: string;
  readonly property: string | undefined;
}

function partsOf(type: Type): readonly Part[] | undefined {
  if (type.kind === "struct") {
    return type.fields.map((field) => ({ type: field.type, member: `.${propertyName(field.name)}`, property: propertyName(field.name) }));
  }
  if (type.kind !== "tuple") return undefined;
  return type.elements.map((element, i) => ({ type: element.type, member: `[${String(i)}]`, property: undefined }));
}

function toText(scope: ModuleScope, type: Type, name: string): string {
  const head = `function ${name}(value${annotation(scope, `: ${typeText(scope, type)}`)})${annotation(scope, ": Neutral")} {`;
  const parts = partsOf(type);
  if (parts !== undefined) {
    return `${head}\n  return [${parts.map((part) => partText(scope, part.type, `value${part.member}`, "to")).join(", ")}];\n}`;
  }
  return `${head}\n${variantRows(scope, type, "to")}\n}`;
}

function fromText(scope: ModuleScope, type: Type, name: string): string {
  const head = `function ${name}(value${annotation(scope, ": Neutral")})${annotation(scope, `: ${typeText(scope, type)}`)} {`;
  const parts = partsOf(type);
  if (parts === undefined) return `${head}\n${variantRows(scope, type, "from")}\n}`;
  const values = parts.map((part, i) => {
    const text = partText(scope, part.type, `items[${String(i)}]`, "from");
    return part.property === undefined ? text : `${part.property}: ${text}`;
  });
  const items = `  const items = value${annotation(scope, ` as ${neutralText(type)}`)};`;
  return `${head}\n${items}\n  return ${type.kind === "struct" ? `{ ${values.join(", ")} }` : `[${values.join(", ")}]`};\n}`;
}

/** One case per variant that has structs inside; all others are the same on both sides. */
function variantRows(scope: ModuleScope, type: Type, direction: "to" | "from"): string {
  if (type.kind !== "option" && type.kind !== "enum") throw new Bug(`codegen: no converter for ${showType(type)}`);
  const textOf = direction === "to" ? (part: Type) => typeText(scope, part) : neutralText;
  const rows = payloadsOf(type).flatMap((payload, tag) => {
    if (!payload.some(hasStruct)) return [];
    const items = `value${annotation(scope, ` as readonly [number, ${payload.map(textOf).join(", ")}]`)}`;
    const values = payload.map((part, i) => partText(scope, part, `items[${String(i + 1)}]`, direction));
    return [
      `  if (tag === ${String(tag)}) {`,
      `    const items = ${items};`,
      `    return [${[String(tag), ...values].join(", ")}];`,
      "  }",
    ];
  });
  const [tagged, same] =
    direction === "to" ? [" as readonly [number]", " as Neutral"] : [" as readonly [number]", ` as ${typeText(scope, type)}`];
  return [`  const [tag] = value${annotation(scope, tagged)};`, ...rows, `  return value${annotation(scope, same)};`].join("\n");
}
