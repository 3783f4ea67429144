/** What the tests of the grammar share: doors to parse a fragment, and plain views of trees without ids and places. */
import type { Expr, Item, Member, SourceFile, Span, Stmt, TypeExpr } from "../../../grammar/ast.ts";
import { parseFile } from "../../../grammar/parse.ts";

/** Fails on any problem. */
export function parseClean(text: string): SourceFile {
  const { file, problems } = parseFile("test.weft", text);
  if (problems.length > 0) {
    throw new Error(`unexpected problems: ${brief(text).join("; ")}`);
  }
  return file;
}

export function items(text: string): readonly Item[] {
  return parseClean(text).items;
}

export function members(text: string): readonly Member[] {
  const [item] = items(`contract C {\n${text}\n}`);
  if (item.kind !== "contract") {
    throw new Error("not a contract");
  }
  return item.members;
}

export function statements(text: string): readonly Stmt[] {
  const [item] = items(`fn f() {\n${text}\n}`);
  if (item.kind !== "function" || item.body === undefined) {
    throw new Error("not a function");
  }
  return item.body.statements;
}

export function testStatements(text: string): readonly Stmt[] {
  const [item] = items(`test "t" {\n${text}\n}`);
  if (item.kind !== "test") {
    throw new Error("not a test");
  }
  return item.body.statements;
}

export function expression(text: string, parse = statements): Expr {
  const [statement] = parse(`let x = ${text};`);
  if (statement.kind !== "let") {
    throw new Error("not a let");
  }
  return statement.value;
}

export function type(text: string): TypeExpr {
  const [item] = items(`const X: ${text} = 1;`);
  if (item.kind !== "const") {
    throw new Error("not a const");
  }
  return item.type;
}

/** The tree as plain data: no ids, no places, names as their text. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shape);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  if ("text" in value && "start" in value && "end" in value) {
    return value.text;
  }
  const isPlace = (key: string): boolean => key === "id" || key === "span" || key.endsWith("Span");
  return Object.fromEntries(entries.filter(([key]) => !isPlace(key)).map(([key, inner]) => [key, shape(inner)]));
}

/** An expression with a bracket around every operation. */
export function grouped(expr: Expr): string {
  switch (expr.kind) {
    case "binary":
      return `(${grouped(expr.left)} ${expr.op} ${grouped(expr.right)})`;
    case "unary":
      return `(${expr.op}${grouped(expr.operand)})`;
    case "paren":
      return `[${grouped(expr.inner)}]`;
    case "member":
      return `${grouped(expr.object)}.${expr.name.text}`;
    case "index":
      return `${grouped(expr.object)}[${grouped(expr.index)}]`;
    case "call":
      return `${grouped(expr.callee)}(${expr.args.map(grouped).join(", ")})`;
    case "as":
      return `(${grouped(expr.call)} as ${expr.account === undefined ? "" : grouped(expr.account)} value ${
        expr.value === undefined ? "" : grouped(expr.value)
      })`;
    case "int":
      return String(expr.value);
    case "name":
      return expr.name;
    case "account":
      return `@${expr.name}`;
    case "self":
    case "none":
    case "missing":
      return expr.kind;
    default:
      return `<${expr.kind}>`;
  }
}

/** `code line:column expected/found…`, one per problem, in order. */
export function brief(text: string): readonly string[] {
  return parseFile("test.weft", text).problems.map(({ code, span, args, notes }) => {
    const values = Object.values(args).join(" / ");
    const pointers = notes.map((note) => ` -> ${place(text, note.span)}`).join("");
    return `${code} ${place(text, span)} ${values}${pointers}`;
  });
}

function place(text: string, { start }: Span): string {
  const before = text.slice(0, start).split("\n");
  return `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}`;
}

export interface Placed {
  readonly kind: string;
  readonly id: number | undefined;
  readonly span: Span;
  readonly children: readonly Placed[];
}

/** Every object with a kind and a span below `value`, as a tree. */
export function placed(value: unknown): readonly Placed[] {
  if (Array.isArray(value)) {
    return value.flatMap(placed);
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const children = Object.values(value).flatMap(placed);
  if ("kind" in value && "span" in value && typeof value.kind === "string" && isSpan(value.span)) {
    const id = "id" in value && typeof value.id === "number" ? value.id : undefined;
    return [{ kind: value.kind, id, span: value.span, children }];
  }
  return children;
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}
