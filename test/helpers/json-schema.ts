/**
 * Checks a document against the part of JSON Schema (draft 7) that our schemas use, and refuses schemas that use more: a keyword that nobody
 * checks would be a promise that nobody keeps.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./cli.ts";

const KEYWORDS = new Set([
  ...["$schema", "$id", "title", "description", "definitions"],
  ...[
    "$ref",
    "type",
    "const",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "required",
    "properties",
    "propertyNames",
    "additionalProperties",
    "items",
  ],
]);

type Schema = Readonly<Record<string, unknown>>;

const FOLDER = join(ROOT, "docs/schema");

export function publishedSchema(name: string): Schema {
  return asObject(JSON.parse(readFileSync(join(FOLDER, name), "utf8")));
}

/** What doesn't fit, each with its path; empty when all does. */
export function schemaProblems(schema: unknown, document: unknown): readonly string[] {
  const problems: string[] = [];
  check(asObject(schema), document, "", asObject(schema));
  return problems;

  /** References within a part are to the file in which it stands. */
  function check(part: Schema, value: unknown, path: string, root: Schema): void {
    for (const keyword of Object.keys(part)) if (!KEYWORDS.has(keyword)) throw new Error(`the schema uses ${keyword}, which isn't checked`);
    const wrong = (why: string): number => problems.push(`${path === "" ? "the document" : path}: ${why}`);
    const reference = part["$ref"];
    if (typeof reference === "string") {
      const found = resolve(reference, root);
      check(found.part, value, path, found.root);
    }
    const { type, pattern, minimum, maximum } = part;
    if (type !== undefined && !types(type).some((one) => hasType(value, one))) wrong(`is no ${types(type).join(" or ")}`);
    if ("const" in part && value !== part["const"]) wrong(`isn't ${JSON.stringify(part["const"])}`);
    if (Array.isArray(part["enum"]) && !part["enum"].includes(value)) wrong(`is none of ${JSON.stringify(part["enum"])}`);
    if (typeof pattern === "string" && typeof value === "string" && !new RegExp(pattern, "u").test(value))
      wrong(`doesn't match ${pattern}`);
    if (typeof minimum === "number" && typeof value === "number" && value < minimum) wrong(`is less than ${minimum}`);
    if (typeof maximum === "number" && typeof value === "number" && value > maximum) wrong(`is more than ${maximum}`);
    if (Array.isArray(value) && part["items"] !== undefined) {
      value.forEach((item, index) => check(asObject(part["items"]), item, `${path}[${index}]`, root));
    }
    if (hasType(value, "object")) checkObject(part, asObject(value), path, root);
  }

  function checkObject(part: Schema, value: Schema, path: string, root: Schema): void {
    const properties = part["properties"] === undefined ? {} : asObject(part["properties"]);
    for (const name of Array.isArray(part["required"]) ? part["required"] : []) {
      if (!Object.hasOwn(value, String(name))) problems.push(`${path}.${String(name)}: is missing`);
    }
    for (const [name, inner] of Object.entries(value)) {
      if (Object.hasOwn(properties, name)) check(asObject(properties[name]), inner, `${path}.${name}`, root);
      else if (part["additionalProperties"] === false) problems.push(`${path}.${name}: isn't in the schema`);
      else if (typeof part["additionalProperties"] === "object")
        check(asObject(part["additionalProperties"]), inner, `${path}.${name}`, root);
      if (part["propertyNames"] !== undefined) check(asObject(part["propertyNames"]), name, `${path}.${name}`, root);
    }
  }
}

/** `#/definitions/name` of the same file, or `other.schema.json#/properties/name` of one beside it. */
function resolve(reference: string, root: Schema): { readonly part: Schema; readonly root: Schema } {
  if (/^[a-z-]+\.schema\.json$/.test(reference)) {
    const whole = publishedSchema(reference);
    return { part: whole, root: whole };
  }
  const [, file, group, name] = /^([a-z-]+\.schema\.json)?#\/(definitions|properties)\/(\w+)$/.exec(reference) ?? [];
  if (name === undefined) throw new Error(`the schema refers to ${reference}`);
  const home = file === undefined ? root : publishedSchema(file);
  return { part: asObject(asObject(home[group])[name]), root: home };
}

/** Fields without a word of explanation, and objects that allow what isn't described. */
export function schemaGaps(schema: unknown): readonly string[] {
  const gaps: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) return;
    const part = asObject(value);
    const properties = part["properties"] === undefined ? {} : asObject(part["properties"]);
    if (types(part["type"]).includes("object") && part["additionalProperties"] !== false)
      gaps.push(`${path}: allows more than it describes`);
    for (const [name, inner] of Object.entries(properties)) {
      const { description, $ref } = asObject(inner);
      if (description === undefined && $ref === undefined) gaps.push(`${path}.${name}: has no description`);
      visit(inner, `${path}.${name}`);
    }
    if (part["items"] !== undefined) visit(part["items"], `${path}[]`);
    if (part["definitions"] !== undefined) {
      for (const [name, inner] of Object.entries(asObject(part["definitions"]))) visit(inner, `#${name}`);
    }
  };
  visit(schema, "");
  return gaps;
}

function types(type: unknown): readonly string[] {
  return Array.isArray(type) ? type.map(String) : [String(type)];
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

export function asObject(value: unknown): Schema {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`not an object: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}
