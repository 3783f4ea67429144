/** Expressions. Part of the walk (see declarations.ts). */
import type { BinaryExpr, Block, CallExpr, Expr, IfExpr, MatchArm } from "../grammar/ast.ts";
import { precedenceOf } from "../grammar/build-operators.ts";
import { list, STYLES } from "./lists.ts";
import { impossible, label, writeMatchPattern } from "./types.ts";
import type { Separator, Writer } from "./writer.ts";

/** Blocks stand in arms; they are written by statements.ts, which knows this file. */
export type WriteBlock = (w: Writer, block: Block) => void;

export interface Expressions {
  readonly write: (w: Writer, node: Expr) => void;
  readonly args: (w: Writer, args: readonly Expr[]) => void;
  readonly arms: (w: Writer, arms: readonly MatchArm[]) => void;
  readonly writeValue: (w: Writer, value: Expr) => void;
}

export function expressions(writeBlock: WriteBlock): Expressions {
  function write(w: Writer, node: Expr): void {
    switch (node.kind) {
      case "int":
      case "bool":
      case "string":
      case "address":
      case "account":
      case "name":
      case "self":
      case "none":
        return w.token();
      case "paren":
        return bracketed(w, node.inner);
      case "tuple":
      case "list":
        return args(w, node.elements);
      case "struct":
        if (node.qualifier !== undefined) {
          w.token();
          w.token(".");
        }
        w.token();
        w.separate("space");
        return list(w, node.fields, STYLES.braces, ({ value }) => {
          label(w);
          write(w, value);
        });
      case "member":
        write(w, node.object);
        w.token(".");
        return w.token();
      case "index":
        write(w, node.object);
        return bracketed(w, node.index);
      case "call":
        write(w, node.callee);
        return callArgs(w, node);
      case "unary":
        w.token(node.op);
        return write(w, node.operand);
      case "binary":
        return binary(w, node);
      case "ifExpr":
        return ifExpr(w, node);
      case "matchExpr":
        w.token("match");
        w.separate("space");
        write(w, node.subject);
        w.separate("cuddle");
        return arms(w, node.arms);
      case "create":
      case "deploy":
        w.token();
        w.separate("space");
        w.token();
        return args(w, node.args);
      case "as":
        write(w, node.call);
        if (node.account !== undefined) suffix(w, "as", node.account);
        if (node.value !== undefined) suffix(w, "value", node.value);
        return;
      case "missing":
        throw new Error("the formatter met an expression that isn't there");
      default:
        impossible(node);
    }
  }

  function args(w: Writer, given: readonly Expr[]): void {
    list(w, given, STYLES.round, (one) => write(w, one));
  }

  /** A single argument that has brackets of its own shares their lines: `f([` … `])`. */
  function callArgs(w: Writer, { args: given, span }: CallExpr): void {
    const [only] = given;
    const isHugged =
      given.length === 1 && (only.kind === "list" || only.kind === "struct" || only.kind === "tuple" || only.kind === "matchExpr");
    if (!isHugged || w.hasComments(w.next().end, only.span.start) || w.hasComments(only.span.end, span.end)) return args(w, given);
    w.token("(");
    write(w, only);
    if (w.next().text === ",") w.drop();
    w.token(")");
  }

  /** Brackets around one expression. */
  function bracketed(w: Writer, inner: Expr): void {
    w.token();
    w.group(() => {
      w.indent(() => {
        w.separate("soft");
        write(w, inner);
        w.dangling();
      });
      w.separate("soft");
    });
    w.token();
  }

  function suffix(w: Writer, word: string, value: Expr): void {
    w.separate("space");
    w.token(word);
    w.separate("space");
    write(w, value);
  }

  /** Operators of one level are one list, broken before each of them or nowhere. */
  function binary(w: Writer, node: BinaryExpr): void {
    const level = precedenceOf(node.op);
    const rights: BinaryExpr[] = [node];
    let first = node.left;
    while (first.kind === "binary" && precedenceOf(first.op) === level) {
      rights.push(first);
      first = first.left;
    }
    w.group(() => {
      write(w, first);
      w.indent(() => {
        for (const { op, right } of rights.reverse()) {
          w.separate("line");
          w.glued(op);
          w.separate("space");
          write(w, right);
        }
      });
    });
  }

  function ifExpr(w: Writer, node: IfExpr): void {
    w.group(() => {
      let isExpanded: boolean | undefined;
      const inBraces = (value: Expr): void => {
        isExpanded ??= w.isExpanded();
        const pad = isExpanded ? "hard" : "line";
        w.token("{");
        w.indent(() => {
          w.separate(pad);
          write(w, value);
          w.dangling();
        });
        w.separate(pad);
        w.token("}");
      };
      let branch = node;
      for (;;) {
        w.token("if");
        w.separate("space");
        write(w, branch.cond);
        w.separate("cuddle");
        inBraces(branch.then);
        w.separate("cuddle");
        w.token("else");
        w.separate("cuddle");
        // `else { if … }` is the same tree; only the braces tell it apart.
        if (branch.otherwise.kind !== "ifExpr" || w.next().text !== "if") break;
        branch = branch.otherwise;
      }
      inBraces(branch.otherwise);
    });
  }

  function arms(w: Writer, given: readonly MatchArm[]): void {
    const hasBlocks = given.some(({ body }) => body.kind === "block");
    const isExpanded = given.length > 0 && (hasBlocks || w.isExpanded());
    const between: Separator = isExpanded ? "blank" : "blankLine";
    const layout = (): void => {
      w.indent(() => {
        given.forEach((one, i) => {
          w.separate(i === 0 ? (isExpanded ? "hard" : "line") : between);
          if (!w.ignored(one.span.end)) arm(w, one);
          const isLast = i === given.length - 1;
          if (one.body.kind !== "block") {
            if (isLast) w.trailingComma();
            else w.comma();
          } else if (w.next().text === ",") w.drop();
        });
        w.dangling();
      });
      if (given.length > 0) w.separate(isExpanded ? "hard" : "line");
    };
    w.token("{");
    if (isExpanded) layout();
    else w.group(layout);
    if (given.length === 0) w.separate("tight");
    w.token("}");
  }

  function arm(w: Writer, { pattern, body }: MatchArm): void {
    writeMatchPattern(w, pattern);
    w.separate("space");
    w.token("=>");
    if (body.kind === "block") {
      w.separate("space");
      return writeBlock(w, body);
    }
    writeValue(w, body);
  }

  /** What stands behind `=` or `=>`: on the next line if it doesn't fit and has no place to break inside. */
  function writeValue(w: Writer, value: Expr): void {
    if (canBreak(value)) {
      w.separate("space");
      return write(w, value);
    }
    w.group(() =>
      w.indent(() => {
        w.separate("line");
        write(w, value);
      }),
    );
  }

  return { write, args, arms, writeValue };
}

function canBreak(value: Expr): boolean {
  switch (value.kind) {
    case "paren":
    case "tuple":
    case "list":
    case "struct":
    case "index":
    case "call":
    case "binary":
    case "ifExpr":
    case "matchExpr":
    case "create":
    case "deploy":
    case "as":
      return true;
    case "member":
    case "unary":
    case "int":
    case "bool":
    case "string":
    case "address":
    case "account":
    case "name":
    case "self":
    case "none":
    case "missing":
      return false;
    default:
      impossible(value);
  }
}
