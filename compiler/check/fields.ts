/** Values given by name in braces: the fields of structs, what variants of enums carry. */
import type { Name, StructExpr } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { poison, report } from "./context.ts";
import type { Body, Decl } from "./context.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";

interface Fields {
  /** In order of declaration. */
  readonly values: readonly Expr[];
  /** Indexes in the order in which they were written. */
  readonly order: readonly number[];
}

type NamedParts = readonly { readonly name: string | undefined; readonly type: Type }[];

/** Undefined with the mistake reported. */
export function checkFields(body: Body, node: StructExpr, parts: NamedParts, owner: string, name: string): Fields | undefined {
  const values = new Map<number, Expr>();
  const order: number[] = [];
  let unknown = false;
  const indexes = new Map(parts.map((part, i) => [part.name ?? "", i]));
  for (const field of node.fields) {
    const index = indexes.get(field.name.text);
    if (index === undefined) {
      unknownMember(body, owner, "field", field.name, indexes.keys());
      unknown = true;
      body.program.check(body, field.value, undefined);
      continue;
    }
    const value = checkAs(body, field.value, parts[index].type);
    if (values.has(index)) report(body, "E0323", field.name, { name: field.name.text });
    else order.push(index);
    values.set(index, value);
  }
  const missing = parts.filter((_, i) => !values.has(i)).map((part) => `\`${part.name}\``);
  if (missing.length > 0) {
    // A name that is misspelt is missing too, and that isn't a second mistake.
    if (!unknown) report(body, "E0315", node.name, { name, fields: missing.join(", ") });
    return undefined;
  }
  return { values: [...values].sort(([a], [b]) => a - b).map(([, value]) => value), order };
}

export function ignoreFields(body: Body, node: StructExpr): Expr {
  for (const field of node.fields) body.program.check(body, field.value, undefined);
  return poison(body, node.span);
}

/** Says why a name is no struct or enum; one that is but has a mistake of its own is passed over. */
export function wrongDecl(body: Body, name: Name, decl: Decl | undefined, wanted: "struct" | "enum"): void {
  if (decl === undefined) {
    const names = [...body.file.names].filter(([, known]) => known.kind === wanted).map(([key]) => key);
    unknownName(body, wanted, name, names);
  } else if (decl.kind !== wanted && decl.kind !== "poison") {
    report(body, "E0210", name, { name: name.text, found: showDecl(decl), expected: wanted === "enum" ? "an enum" : "a struct" });
  }
}
