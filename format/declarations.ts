/**
 * The walk over a file's syntax tree that says what may stand between its tokens: declarations and members here, the rest in statements.ts,
 * expressions.ts, types.ts and lists.ts. The words themselves come from the source, token by token (see writer.ts).
 */
import type { ContractDecl, FieldDecl, FunctionDecl, GuardUse, ImportDecl, Item, Member, MixinDecl, Name } from "../grammar/ast.ts";
import type { ParallelDecl, SourceFile, VariantDecl } from "../grammar/ast.ts";
import { body, list, STYLES } from "./lists.ts";
import { writeArgs, writeExpression, writeValue, writeWithBlock } from "./statements.ts";
import { impossible, label, writeParams, writeType } from "./types.ts";
import type { Writer } from "./writer.ts";

export function writeFile(w: Writer, file: SourceFile): void {
  file.items.forEach((item, i) => {
    w.separate(i === 0 ? "tight" : "blank");
    if (!w.ignored(item.span.end)) writeItem(w, item);
  });
  w.dangling();
}

function writeItem(w: Writer, node: Item): void {
  switch (node.kind) {
    case "import":
      return importDecl(w, node);
    case "const":
      words(w, 2);
      w.token(":");
      w.separate("space");
      writeType(w, node.type);
      w.separate("space");
      w.token("=");
      writeValue(w, node.value);
      return w.token(";");
    case "struct":
      words(w, 2);
      w.separate("cuddle");
      return oneLineOrMany(w, node.fields, w.isOneLine(node.span.start, node.span.end), (one) => {
        field(w, one);
        w.token(";");
      });
    case "enum":
      words(w, 2);
      w.separate("cuddle");
      return list(w, node.variants, STYLES.braces, (one) => {
        if (!w.ignored(one.span.end)) variant(w, one);
      });
    case "interface":
      words(w, 2);
      w.separate("cuddle");
      return oneLineOrMany(w, node.functions, node.functions.length === 1 && w.isOneLine(node.span.start, node.span.end), (one) =>
        functionDecl(w, one),
      );
    case "mixin":
    case "contract":
      return container(w, node);
    case "test":
      return writeWithBlock(w, node.span, node.body, () => {
        words(w, 2);
        if (w.next().text === "(") {
          w.separate("space");
          writeParams(w, node.params);
        }
        w.separate("cuddle");
      });
    case "function":
    case "event":
    case "error":
      return writeMember(w, node);
    default:
      impossible(node);
  }
}

/** Names and keywords in a row. */
function words(w: Writer, count: number): void {
  for (let i = 0; i < count; i++) {
    if (i > 0) w.separate("space");
    w.token();
  }
}

function oneLineOrMany<T extends { readonly span: { readonly end: number } }>(
  w: Writer,
  parts: readonly T[],
  isFlat: boolean,
  part: (one: T) => void,
): void {
  if (isFlat) w.group(() => body(w, parts, true, part));
  else body(w, parts, false, part);
}

function importDecl(w: Writer, { names }: ImportDecl): void {
  w.token("import");
  w.separate("space");
  list(w, names, STYLES.names, ({ alias }) => words(w, alias === undefined ? 1 : 3));
  w.separate("space");
  w.token("from");
  w.separate("space");
  w.token();
  w.token(";");
}

function field(w: Writer, { type }: FieldDecl): void {
  label(w);
  writeType(w, type);
}

function variant(w: Writer, { payload }: VariantDecl): void {
  w.token();
  switch (payload.kind) {
    case "none":
      return;
    case "tuple":
      return list(w, payload.types, STYLES.round, (one) => writeType(w, one));
    case "record":
      w.separate("space");
      return list(w, payload.fields, STYLES.braces, (one) => field(w, one));
    default:
      impossible(payload);
  }
}

/** A single member without a body may share the line of a contract, if it did. */
function container(w: Writer, node: ContractDecl | MixinDecl): void {
  const clauses: readonly (readonly Name[])[] = node.kind === "contract" ? [node.uses, node.implements] : [node.uses];
  const [first] = node.members;
  const isFlat = node.members.length === 1 && isShort(first) && w.isOneLine(node.span.start, node.span.end);
  const whole = (): void => {
    words(w, 2);
    header(w, () => {
      for (const names of clauses) {
        if (names.length === 0) continue;
        w.separate("line");
        w.token();
        w.separate("space");
        commaList(w, names, () => w.token());
      }
    });
    body(w, node.members, isFlat, (one) => writeMember(w, one));
  };
  // One group: where the clauses take lines of their own, so does the member.
  if (isFlat) w.group(whole);
  else whole();
}

function isShort({ kind }: Member): boolean {
  return kind === "state" || kind === "immutable" || kind === "event" || kind === "error";
}

/** What may stand between a name or its parameters and the brace; if it takes lines of its own, so does the brace. */
function header(w: Writer, clauses: () => void): void {
  w.group(() => {
    let isEmpty = true;
    w.indent(() => {
      const start = w.next().start;
      clauses();
      isEmpty = w.next().start === start;
    });
    w.separate(isEmpty ? "cuddle" : "line");
  });
}

/** Without brackets, and so without a comma at the end. */
function commaList<T>(w: Writer, items: readonly T[], item: (one: T) => void): void {
  w.indent(() =>
    w.group(() =>
      items.forEach((one, i) => {
        if (i > 0) w.separate("line");
        item(one);
        if (i < items.length - 1) w.token(",");
      }),
    ),
  );
}

function writeMember(w: Writer, node: Member): void {
  switch (node.kind) {
    case "state":
      words(w, 2);
      w.token(":");
      w.separate("space");
      writeType(w, node.type);
      if (node.initial !== undefined) {
        w.separate("space");
        w.token("=");
        writeValue(w, node.initial);
      }
      return w.token(";");
    case "immutable":
      words(w, 2);
      w.token(":");
      w.separate("space");
      writeType(w, node.type);
      return w.token(";");
    case "event":
    case "error":
      words(w, 2);
      writeParams(w, node.params);
      return w.token(";");
    case "guard":
      return writeWithBlock(w, node.span, node.body, () => {
        words(w, 2);
        if (w.next().text === "(") writeParams(w, node.params);
        w.separate("cuddle");
      });
    case "init":
      return writeWithBlock(w, node.span, node.body, () => {
        words(w, node.payable ? 2 : 1);
        writeParams(w, node.params);
        w.separate("cuddle");
      });
    case "function":
      return functionDecl(w, node);
    case "invariant":
      return writeWithBlock(w, node.span, node.body, () => {
        words(w, 2);
        w.separate("cuddle");
      });
    case "parallel":
      return parallelDecl(w, node);
    default:
      impossible(node);
  }
}

function functionDecl(w: Writer, node: FunctionDecl): void {
  const { guards, body: block } = node;
  const withClause = (): void => {
    if (guards.length === 0) return;
    w.separate("line");
    w.token("with");
    w.separate("space");
    commaList(w, guards, (one) => guardUse(w, one));
  };
  if (block === undefined) {
    signature(w, node);
    w.group(() => w.indent(withClause));
    return w.token(";");
  }
  writeWithBlock(w, node.span, block, () => {
    signature(w, node);
    header(w, withClause);
  });
}

function signature(w: Writer, { access, params, result }: FunctionDecl): void {
  words(w, access === "internal" ? 2 : 3);
  writeParams(w, params);
  if (result === undefined) return;
  w.separate("space");
  w.token("->");
  w.separate("space");
  // Too long a line breaks between the parameters.
  w.unbroken(() => writeType(w, result));
}

function guardUse(w: Writer, { args }: GuardUse): void {
  w.token();
  if (w.next().text === "(") writeArgs(w, args);
}

function parallelDecl(w: Writer, { when }: ParallelDecl): void {
  w.token("parallel");
  w.separate("space");
  w.token("(");
  w.separate("tight");
  label(w);
  w.token();
  w.token(",");
  w.separate("space");
  label(w);
  w.token();
  w.separate("tight");
  w.token(")");
  if (when !== undefined) {
    w.group(() =>
      w.indent(() => {
        w.separate("line");
        w.token("when");
        w.separate("space");
        writeExpression(w, when);
      }),
    );
  }
  w.token(";");
}
