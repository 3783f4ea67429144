/** Types, parameters and patterns. Part of the walk (see declarations.ts). */
import type { MatchPattern, ParamDecl, Pattern, SizeExpr, TypeExpr } from "../grammar/ast.ts";
import { list, STYLES } from "./lists.ts";
import type { Writer } from "./writer.ts";

/** Brackets that only group, as in `(u64)?`, aren't in the tree. They stay all the same. */
export function writeType(w: Writer, node: TypeExpr | SizeExpr): void {
  if (w.next().start < node.span.start) return list(w, [node], STYLES.round, () => writeType(w, node));
  switch (node.kind) {
    case "size":
      return w.token();
    case "namedType":
      w.token();
      if (node.args.length > 0 || w.next().text === "<") list(w, node.args, STYLES.round, (one) => writeType(w, one));
      return;
    case "tupleType":
      return list(w, node.elements, STYLES.round, ({ name, type }) => {
        if (name !== undefined) label(w);
        writeType(w, type);
      });
    case "optionType":
      writeType(w, node.inner);
      return w.token("?");
    default:
      impossible(node);
  }
}

/** `name: ` */
export function label(w: Writer): void {
  w.token();
  w.token(":");
  w.separate("space");
}

export function writeParams(w: Writer, params: readonly ParamDecl[]): void {
  list(w, params, STYLES.round, ({ indexed, type }) => {
    if (indexed) {
      w.token("indexed");
      w.separate("space");
    }
    label(w);
    writeType(w, type);
  });
}

export function writePattern(w: Writer, pattern: Pattern): void {
  if (pattern.kind === "tuple") list(w, pattern.elements, STYLES.round, (one) => writePattern(w, one));
  else w.token();
}

export function writeMatchPattern(w: Writer, pattern: MatchPattern): void {
  w.token();
  switch (pattern.kind) {
    case "wildcard":
    case "none":
      return;
    case "some":
      w.token("(");
      w.separate("tight");
      writePattern(w, pattern.inner);
      w.separate("tight");
      return w.token(")");
    case "variant": {
      w.token(".");
      w.token();
      const { payload } = pattern;
      if (payload.kind === "tuple") list(w, payload.elements, STYLES.round, (one) => writePattern(w, one));
      if (payload.kind !== "record") return;
      w.separate("space");
      return list(w, payload.names, STYLES.names, () => w.token());
    }
    default:
      impossible(pattern);
  }
}

export function impossible(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
