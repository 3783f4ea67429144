/** Blocks and statements. Part of the walk (see declarations.ts). */
import type {
  AssignOp,
  Block,
  ErrorUse,
  EventUse,
  ExpectStmt,
  Expr,
  ForStmt,
  FuzzStmt,
  IfLetStmt,
  IfStmt,
  Span,
  Stmt,
} from "../grammar/ast.ts";
import { expressions } from "./expressions.ts";
import { body } from "./lists.ts";
import { impossible, writeMatchPattern, writePattern, writeType } from "./types.ts";
import type { Writer } from "./writer.ts";

const { write, args, arms, writeValue } = expressions(writeBlock);
export { args as writeArgs, write as writeExpression, writeValue };

function writeBlock(w: Writer, node: Block): void {
  writeWithBlock(w, node.span, node, () => undefined);
}

/**
 * Something that ends in a block. All of it stays on one line if it was there, the block holds one simple statement at most, and it fits; else
 * each statement has lines of its own.
 */
export function writeWithBlock(w: Writer, { start, end }: Span, block: Block, head: () => void): void {
  const isFlat = w.isOneLine(start, end) && isFlatBlock(w, block);
  const whole = (): void => {
    head();
    braces(w, block, isFlat);
  };
  if (isFlat) w.group(whole);
  else whole();
}

function braces(w: Writer, { statements }: Block, isFlat: boolean): void {
  body(w, statements, isFlat, (one) => statement(w, one));
}

function isFlatBlock(w: Writer, { statements, span }: Block): boolean {
  return statements.length <= 1 && w.isOneLine(span.start, span.end) && statements.every(isSimple);
}

/** Without a block of its own. */
function isSimple({ kind }: Stmt): boolean {
  return kind !== "if" && kind !== "ifLet" && kind !== "match" && kind !== "for" && kind !== "blockOfCalls";
}

function statement(w: Writer, node: Stmt): void {
  switch (node.kind) {
    case "let":
      w.token();
      w.separate("space");
      writePattern(w, node.pattern);
      if (node.type !== undefined) {
        w.token(":");
        w.separate("space");
        writeType(w, node.type);
      }
      w.separate("space");
      w.token("=");
      writeValue(w, node.value);
      return w.token(";");
    case "assign":
      return withElse(w, node.orElse, () => assignment(w, node.target, node.op, node.value));
    case "require":
      return withElse(w, node.orElse, () => keyword(w, "require", node.cond));
    case "if":
    case "ifLet":
      return ifStatement(w, node);
    case "match":
      keyword(w, "match", node.subject);
      w.separate("cuddle");
      return arms(w, node.arms);
    case "return":
      if (node.value === undefined) w.token("return");
      else keyword(w, "return", node.value);
      return w.token(";");
    case "for":
      return forStatement(w, node);
    case "revert":
      w.token("revert");
      if (node.error !== undefined) {
        w.separate("space");
        eventOrError(w, node.error);
      }
      return w.token(";");
    case "emit":
      w.token("emit");
      w.separate("space");
      path(w, node.qualifier !== undefined);
      args(w, node.args);
      return w.token(";");
    case "delete":
      keyword(w, "delete", node.target);
      return w.token(";");
    case "expr":
      write(w, node.expr);
      return w.token(";");
    case "assert":
      keyword(w, "assert", node.cond);
      return w.token(";");
    case "expect":
      return expectation(w, node);
    case "fuzz":
      return fuzzStatement(w, node);
    case "advance":
      w.token("advance");
      w.separate("space");
      w.token();
      w.separate("space");
      write(w, node.by);
      return w.token(";");
    case "blockOfCalls":
      return writeWithBlock(w, node.span, node.body, () => {
        if (node.parallel) {
          w.token("parallel");
          w.separate("space");
        }
        w.token("block");
        w.separate("cuddle");
      });
    default:
      impossible(node);
  }
}

function keyword(w: Writer, word: string, value: Expr): void {
  w.token(word);
  w.separate("space");
  write(w, value);
}

function assignment(w: Writer, target: Expr, op: AssignOp, value: Expr): void {
  write(w, target);
  w.separate("space");
  w.glued(op);
  writeValue(w, value);
}

/** What doesn't fit goes on in the next line with the `else`. */
function withElse(w: Writer, orElse: ErrorUse | undefined, start: () => void): void {
  if (orElse === undefined) start();
  else {
    w.group(() => {
      start();
      w.indent(() => {
        w.separate("line");
        w.token("else");
        w.separate("space");
        eventOrError(w, orElse);
      });
    });
  }
  w.token(";");
}

function expectation(w: Writer, { call, error, events }: ExpectStmt): void {
  w.group(() => {
    keyword(w, "expect", call);
    w.indent(() => {
      w.separate("line");
      w.token(events === undefined ? "revert" : "emit");
      if (error !== undefined) {
        w.separate("space");
        eventOrError(w, error);
      } else if (events !== undefined) {
        w.separate("space");
        if (events.length === 0) w.token("none");
        commas(w, events, (one) => eventOrError(w, one));
      }
    });
  });
  w.token(";");
}

function eventOrError(w: Writer, { qualifier, args: given }: ErrorUse | EventUse): void {
  path(w, qualifier !== undefined);
  args(w, given);
}

/** Without brackets around them. */
function commas<T>(w: Writer, items: readonly T[], item: (one: T) => void): void {
  items.forEach((one, i) => {
    item(one);
    if (i === items.length - 1) return;
    w.token(",");
    w.separate("line");
  });
}

function fuzzStatement(w: Writer, node: FuzzStmt): void {
  const { body } = node;
  if (body !== undefined) return writeWithBlock(w, node.span, body, () => fuzzHead(w, node, () => w.separate("cuddle")));
  fuzzHead(w, node, () => undefined);
  w.token(";");
}

function fuzzHead(w: Writer, { targets, only, calls }: FuzzStmt, behind: () => void): void {
  w.group(() => {
    w.token("fuzz");
    w.separate("space");
    w.indent(() => {
      commas(w, targets, () => w.token());
      if (only.length > 0) {
        w.separate("line");
        w.token("only");
        w.separate("space");
        commas(w, only, () => w.token());
      }
      if (calls !== undefined) {
        w.separate("line");
        keyword(w, "calls", calls);
      }
    });
    behind();
  });
}

function path(w: Writer, isQualified: boolean): void {
  w.token();
  if (!isQualified) return;
  w.token(".");
  w.token();
}

/** The blocks of a chain are all on one line or none. */
function ifStatement(w: Writer, node: IfStmt | IfLetStmt): void {
  const isFlat = w.isOneLine(node.span.start, node.span.end) && blocksOf(node).every((block) => isFlatBlock(w, block));
  if (isFlat) w.group(() => ifChain(w, node, true));
  else ifChain(w, node, false);
}

function blocksOf(node: IfStmt | IfLetStmt): readonly Block[] {
  const blocks: Block[] = [];
  for (
    let rest: Block | IfStmt | IfLetStmt | undefined = node;
    rest !== undefined;
    rest = rest.kind === "block" ? undefined : rest.otherwise
  ) {
    blocks.push(rest.kind === "block" ? rest : rest.then);
  }
  return blocks;
}

function ifChain(w: Writer, node: IfStmt | IfLetStmt, isFlat: boolean): void {
  for (let branch: IfStmt | IfLetStmt = node; ;) {
    w.token("if");
    w.separate("space");
    if (branch.kind === "ifLet") {
      w.token("let");
      w.separate("space");
      writeMatchPattern(w, branch.pattern);
      w.separate("space");
      w.token("=");
      w.separate("space");
      write(w, branch.value);
    } else write(w, branch.cond);
    w.separate("cuddle");
    braces(w, branch.then, isFlat);
    const { otherwise }: { readonly otherwise: Block | IfStmt | IfLetStmt | undefined } = branch;
    if (otherwise === undefined) return;
    w.separate("cuddle");
    w.token("else");
    w.separate("cuddle");
    if (otherwise.kind === "block") return braces(w, otherwise, isFlat);
    branch = otherwise;
  }
}

function forStatement(w: Writer, { over, body: inner, span }: ForStmt): void {
  writeWithBlock(w, span, inner, () => {
    w.token("for");
    w.separate("space");
    w.token();
    w.separate("space");
    w.token("in");
    w.separate("space");
    if (over.kind === "list") write(w, over.list);
    else {
      write(w, over.from);
      w.token("..");
      write(w, over.to);
      if (over.max !== undefined) {
        w.separate("space");
        keyword(w, "max", over.max);
      }
    }
    w.separate("cuddle");
  });
}
