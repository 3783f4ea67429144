/** The door of the checker's tests: source texts in, codes, places and the typed program out. */
import { checkProgram } from "../../../compiler/check/check.ts";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import { loadModules } from "../../../compiler/modules/load.ts";
import type { Contract, Expr, Func, Program, StatePlace, Stmt } from "../../../compiler/typed/tree.ts";

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
  /** `E0301 the text it points at`, sorted by place. */
  readonly found: readonly string[];
  readonly program: Program | undefined;
}

const MAIN = "main.weft";

/** Checks `text` as the root; `others` are files it may import, by path. */
export function check(text: string, others: Readonly<Record<string, string>> = {}): Checked {
  return checkPath(MAIN, (path) => (path === MAIN ? text : others[path]));
}

export function checkPath(root: string, read: (path: string) => string | undefined): Checked {
  const modules = loadModules(root, read);
  const checked = checkProgram(modules);
  const diagnostics = [...modules.diagnostics, ...checked.diagnostics.filter((diagnostic) => !modules.isFollowUp(diagnostic))];
  const textAt = ({ path, span }: Diagnostic): string => (read(path) ?? "").slice(span.start, span.end);
  return {
    diagnostics,
    codes: diagnostics.map((diagnostic) => diagnostic.code),
    found: diagnostics.map((diagnostic) => `${diagnostic.code} ${textAt(diagnostic)}`),
    program: checked.program,
  };
}

/** The program of a text that must be free of errors. */
export function programOf(text: string, others: Readonly<Record<string, string>> = {}): Program {
  const { program, diagnostics } = check(text, others);
  if (program === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return program;
}

export function contractOf(program: Program, name: string): Contract {
  const contract = program.contracts.find((one) => one.name === name);
  if (contract === undefined) throw new Error(`no contract ${name}`);
  return contract;
}

export function funcOf(program: Program, name: string): Func {
  const func = [...program.functions.values()].find((one) => one.name === name);
  if (func === undefined) throw new Error(`no function ${name}`);
  return func;
}

/** The statements of function `f` of a contract whose members are given. */
export function bodyOf(members: string, before = ""): readonly Stmt[] {
  return funcOf(programOf(`${before}\ncontract C {\n${members}\n}`), "f").body;
}

/** The expression that function `f` returns. */
export function returned(members: string, before = ""): Expr {
  const last = bodyOf(members, before).at(-1);
  if (last?.kind !== "return" || last.value === undefined) throw new Error("f doesn't end in a return");
  return last.value;
}

function showPlace({ field, keys, path }: StatePlace): string {
  return `${field.name}${keys.map((key) => `[${show(key)}]`).join("")}${path.map((i) => `.${i}`).join("")}`;
}

function showAll(exprs: readonly Expr[]): string {
  return exprs.map((expr) => ` ${show(expr)}`).join("");
}

/** An expression in short, for comparing whole trees: `(+ local0:u8 1:u8)`. */
export function show(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return typeof expr.value.value === "string" ? JSON.stringify(expr.value.value) : String(expr.value.value);
    case "local":
      return `$${expr.local}`;
    case "context":
      return expr.name;
    case "load":
      return showPlace(expr.place);
    case "immutable":
      return `immutable ${expr.field.name}`;
    case "selfBalance":
      return "balance";
    case "next":
      return `${expr.field.name}.next`;
    case "member":
      return `${show(expr.object)}.${expr.index}`;
    case "element":
      return `${show(expr.list)}[${show(expr.index)}]`;
    case "length":
      return `(len ${show(expr.of)})`;
    case "contains":
      return `(contains ${show(expr.list)} ${show(expr.item)})`;
    case "unary":
      return `(${expr.op} ${show(expr.operand)})`;
    case "binary":
      return `(${expr.op} ${show(expr.left)} ${show(expr.right)})`;
    case "convert":
      return `(${expr.type.kind} ${show(expr.operand)})`;
    case "tuple":
    case "list":
      return `(${expr.kind} ${expr.elements.map(show).join(" ")})`;
    case "struct":
      return `(${expr.struct.name} ${expr.values.map(show).join(" ")})`;
    case "ifExpr":
      return `(if ${show(expr.cond)} ${show(expr.then)} ${show(expr.otherwise)})`;
    case "builtin":
      return `(${expr.name} ${expr.args.map(show).join(" ")})`;
    case "call":
      return `(call ${expr.args.map(show).join(" ")})`;
    case "variant":
      return `(variant ${expr.variant}${showAll(expr.args)})`;
    case "isVariant":
      return `(is ${expr.variant} ${show(expr.of)})`;
    case "payload":
      return `${show(expr.of)}!${expr.variant}.${expr.index}`;
    case "seq":
      return `(seq ${expr.body.map(brief).join("; ")}; ${show(expr.value)})`;
    case "with": {
      const path = expr.path.map((step) => (step.kind === "member" ? `.${step.index}` : `[${show(step.index)}]`)).join("");
      return `(with ${show(expr.base)}${path} ${show(expr.value)})`;
    }
    case "push":
      return `(push ${show(expr.list)} ${show(expr.item)})`;
    case "pop":
      return `(pop ${show(expr.list)})`;
    case "has":
      return `(has ${showPlace(expr.place)})`;
    case "setChange":
      return `(${expr.op} ${showPlace(expr.entry)} ${showPlace(expr.length)})`;
    case "past":
      return `(past ${showPlace(expr.place)} ${show(expr.height)})`;
    case "encode":
    case "concat":
      return `(${expr.kind}${showAll(expr.args)})`;
    case "decode":
      return `(decode ${show(expr.data)})`;
    case "external":
      return `(${expr.method.view ? "view " : ""}${expr.method.owner}.${expr.method.name} ${show(expr.target)}${showAll(expr.args)})`;
    case "rawCall":
      return `(raw ${show(expr.target)} ${show(expr.value)} ${show(expr.data)})`;
    case "create":
      return `(create ${expr.contract}${showAll(expr.args)})`;
    case "pay":
      return `(pay ${show(expr.to)} ${show(expr.amount)})`;
  }
}

/** A statement in short. */
export function brief(stmt: Stmt): string {
  switch (stmt.kind) {
    case "let":
    case "set":
      return `${stmt.kind} $${stmt.local} ${show(stmt.value)}`;
    case "letTuple":
      return `let (${stmt.locals.map((local) => (local === undefined ? "_" : `$${local}`)).join(" ")}) ${show(stmt.value)}`;
    case "store":
      return `store ${showPlace(stmt.place)} ${show(stmt.value)}`;
    case "update":
      return `update ${showPlace(stmt.place)} ${stmt.op} ${show(stmt.value)}${stmt.orElse === undefined ? "" : ` else ${stmt.orElse.error.name}`}`;
    case "delete":
      return `delete ${showPlace(stmt.place)}`;
    case "if":
      return `if ${show(stmt.cond)} {${stmt.then.map(brief).join("; ")}} {${stmt.otherwise.map(brief).join("; ")}}`;
    case "forList":
      return `for $${stmt.local} in ${show(stmt.list)} {${stmt.body.map(brief).join("; ")}}`;
    case "forRange":
      return `for $${stmt.local} in ${show(stmt.from)}..${show(stmt.to)} max ${stmt.max} {${stmt.body.map(brief).join("; ")}}`;
    case "require":
      return `require ${show(stmt.cond)}${stmt.orElse === undefined ? "" : ` else ${stmt.orElse.error.name}`}`;
    case "revert":
      return `revert ${stmt.error?.error.name ?? ""}`;
    case "emit":
      return `emit ${stmt.event.name} ${stmt.args.map(show).join(" ")}`;
    case "return":
      return `return ${stmt.value === undefined ? "" : show(stmt.value)}`;
    case "expr":
      return show(stmt.expr);
  }
}
