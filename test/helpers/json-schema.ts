/**
 * Checks a document against the part of JSON Schema (draft 7) that our schemas use, and refuses schemas that use more: a keyword that nobody
 * checks would be a promise that nobody keeps.
 */

const KEYWORDS = new Set([
  ...["$schema", "$id", "title", "description", "definitions"],
  ...["$ref", "type", "const", "enum", "pattern", "minimum", "required", "properties", "additionalProperties", "items"],
]);

type Schema = Readonly<Record<string, unknown>>;

/** What doesn't fit, each with its path; empty when all does. */
export function schemaProblems(schema: unknown, document: unknown): readonly string[] {
  const root = asObject(schema);
  const problems: string[] = [];
  check(root, document, "");
  return problems;

  function check(part: Schema, value: unknown, path: string): void {
    for (const keyword of Object.keys(part)) if (!KEYWORDS.has(keyword)) throw new Error(`the schema uses ${keyword}, which isn't checked`);
    const wrong = (why: string): number => problems.push(`${path === "" ? "the document" : path}: ${why}`);
    const reference = part["$ref"];
    if (typeof reference === "string") check(resolve(reference), value, path);
    const { type, pattern, minimum } = part;
    if (type !== undefined && !types(type).some((one) => hasType(value, one))) wrong(`is no ${types(type).join(" or ")}`);
    if ("const" in part && value !== part["const"]) wrong(`isn't ${JSON.stringify(part["const"])}`);
    if (Array.isArray(part["enum"]) && !part["enum"].includes(value)) wrong(`is none of ${JSON.stringify(part["enum"])}`);
    if (typeof pattern === "string" && typeof value === "string" && !new RegExp(pattern, "u").test(value))
      wrong(`doesn't match ${pattern}`);
    if (typeof minimum === "number" && typeof value === "number" && value < minimum) wrong(`is less than ${minimum}`);
    if (Array.isArray(value) && part["items"] !== undefined) {
      value.forEach((item, index) => check(asObject(part["items"]), item, `${path}[${index}]`));
    }
    if (hasType(value, "object")) checkObject(part, asObject(value), path);
  }

  function checkObject(part: Schema, value: Schema, path: string): void {
    const properties = part["properties"] === undefined ? {} : asObject(part["properties"]);
    for (const name of Array.isArray(part["required"]) ? part["required"] : []) {
      if (!Object.hasOwn(value, String(name))) problems.push(`${path}.${String(name)}: is missing`);
    }
    for (const [name, inner] of Object.entries(value)) {
      if (Object.hasOwn(properties, name)) check(asObject(properties[name]), inner, `${path}.${name}`);
      else if (part["additionalProperties"] === false) problems.push(`${path}.${name}: isn't in the schema`);
    }
  }

  function resolve(reference: string): Schema {
    const name = /^#\/definitions\/(\w+)$/.exec(reference)?.[1];
    if (name === undefined) throw new Error(`the schema refers to ${reference}`);
    return asObject(asObject(root["definitions"])[name]);
  }
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
