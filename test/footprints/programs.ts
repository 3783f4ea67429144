/**
 * Random contracts: one fixed set of fields, internal functions that call each other, external ones on top, their bodies thrown together from
 * all statements and expressions that matter to footprints. Well typed by construction; what can't be planned (E0510 to E0512) is left out
 * function by function. The same seed gives the same text.
 */
import { compile } from "../../compiler/pipeline.ts";
import type { Compiled } from "../../compiler/pipeline.ts";

type Kind = "u64" | "u8" | "address" | "bool";

interface Name {
  readonly name: string;
  readonly kind: Kind;
  readonly mutable: boolean;
}

interface Callee {
  readonly name: string;
  readonly params: readonly Kind[];
  readonly result: Kind | undefined;
}

interface Scope {
  readonly names: readonly Name[];
  readonly lists: readonly { readonly name: string; readonly kind: "u64" | "address" }[];
  readonly callees: readonly Callee[];
  readonly result: Kind | undefined;
  readonly payable: boolean;
  readonly draws: boolean;
}

const HEAD = `struct Rec { n: u64; who: address; open: bool; }
contract Random {
  state a: u64;
  state b: u64 = 3;
  state flag: bool;
  state chief: address;
  state m: map<u64, u64>;
  state ptr: map<u64, u64>;
  state own: map<u64, address>;
  state bal: map<address, u64>;
  state tiny: map<u8, u8>;
  state deep: map<u64, map<address, u64>>;
  state rec: map<u64, Rec>;
  state ids: sequence<u64>;
  immutable root: address;
  error Bad(n: u64, w: address);
  event Seen(n: u64, indexed w: address);
  init() { self.root = caller; self.chief = caller; self.ptr[1] = 2; self.ptr[2] = 1; self.own[0] = caller; }
`;

const HELPERS = 5;
const EXTERNALS = 6;
const ATTEMPTS = 60;

/** A contract whose functions all compile. */
export function randomProgram(seed: number): { readonly source: string; readonly compiled: Compiled } {
  const writer = new Writer(seed);
  const callees: Callee[] = [];
  const helpers: string[] = [];
  while (helpers.length < HELPERS) {
    const { text, callee } = writer.helper(`h${helpers.length}`, callees);
    if (compiledOrNot(sourceOf([...helpers, text], [])) === undefined) continue;
    helpers.push(text);
    callees.push(callee);
  }
  const kept: string[] = [];
  for (let i = 0; i < ATTEMPTS && kept.length < EXTERNALS; i++) {
    const text = writer.external(`f${i}`, callees);
    if (compiledOrNot(sourceOf(helpers, [text])) !== undefined) kept.push(text);
  }
  const source = sourceOf(helpers, kept);
  const compiled = compiledOrNot(source);
  if (compiled === undefined) throw new Error(`functions that compile alone don't together:\n${source}`);
  return { source, compiled };
}

function sourceOf(helpers: readonly string[], externals: readonly string[]): string {
  return `${HEAD}${[...helpers, ...externals].join("\n")}\n}\n`;
}

/** What can't be planned, and constants that always fail. */
const LEFT_OUT = new Set(["E0510", "E0511", "E0512", "E0308", "E0310"]);

function compiledOrNot(source: string): Compiled | undefined {
  const { compiled, diagnostics } = compile("random.weft", (path) => (path === "random.weft" ? source : undefined));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const odd = errors.find(({ code }) => !LEFT_OUT.has(code));
  if (odd !== undefined) throw new Error(`${odd.code} ${odd.message} at ${source.slice(odd.span.start, odd.span.end)} in\n${source}`);
  return compiled;
}

class Writer {
  private state: number;
  private locals = 0;
  /** Statements that the function being written may still have. */
  private budget = 0;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  helper(name: string, callees: readonly Callee[]): { readonly text: string; readonly callee: Callee } {
    const params = this.some<Kind>(1, 3, () => this.kind());
    const result = this.chance(0.75) ? this.kind() : undefined;
    const scope = this.open(params, [], callees, result);
    const head = `fn ${name}(${params.map((kind, i) => `p${i}: ${kind}`).join(", ")})${result === undefined ? "" : ` -> ${result}`}`;
    return { text: `  ${head} ${this.body(scope, 5)}`, callee: { name, params, result } };
  }

  external(name: string, callees: readonly Callee[]): string {
    const params = this.some<Kind>(1, 4, () => this.kind());
    const lists = this.some<"u64" | "address">(0, 1, () => this.of(["u64", "address"]));
    const result = this.chance(0.6) ? this.kind() : undefined;
    const payable = this.chance(0.2);
    const scope = { ...this.open(params, lists, callees, result), payable, draws: this.chance(0.3) };
    const heads = [...params.map((kind, i) => `p${i}: ${kind}`), ...lists.map((kind, i) => `xs${i}: list<${kind}, 3>`)];
    return `  ${payable ? "payable" : "pub"} fn ${name}(${heads.join(", ")})${result === undefined ? "" : ` -> ${result}`} ${this.body(scope, 9)}`;
  }

  private open(
    params: readonly Kind[],
    lists: readonly ("u64" | "address")[],
    callees: readonly Callee[],
    result: Kind | undefined,
  ): Scope {
    const names = params.map((kind, i): Name => ({ name: `p${i}`, kind, mutable: false }));
    return { names, lists: lists.map((kind, i) => ({ name: `xs${i}`, kind })), callees, result, payable: false, draws: false };
  }

  private body(scope: Scope, statements: number): string {
    this.budget = statements;
    this.locals = 0;
    return this.block(scope, 0, true);
  }

  /** Numbers come first: how many a call draws is for `tickets.weft` to find out. */
  private numbers(scope: Scope): { readonly lines: readonly string[]; readonly scope: Scope } {
    const names = this.some(0, 2, () => ({ name: `n${this.locals++}`, kind: "u64" as const, mutable: false }));
    return { lines: names.map(({ name }) => `let ${name} = self.ids.next();`), scope: { ...scope, names: [...scope.names, ...names] } };
  }

  /** `last`: of a function, so it must end with its result. */
  private block(scope: Scope, depth: number, last: boolean): string {
    const first = scope.draws && depth === 0 ? this.numbers(scope) : { lines: [], scope };
    let inner = first.scope;
    const lines = [...first.lines];
    const count = depth === 0 ? this.budget : 1 + this.below(3);
    let ended = false;
    for (let i = 0; i < count && this.budget > 0 && !ended; i++) {
      this.budget--;
      const { text, name, ends } = this.statement(inner, depth);
      lines.push(text);
      if (name !== undefined) inner = { ...inner, names: [...inner.names, name] };
      ended = ends === true;
    }
    if (last && !ended && scope.result !== undefined) lines.push(`return ${this.expr(inner, scope.result, 2)};`);
    const pad = "  ".repeat(depth + 2);
    return `{\n${lines.map((line) => `${pad}${line}\n`).join("")}${"  ".repeat(depth + 1)}}`;
  }

  private statement(scope: Scope, depth: number): { readonly text: string; readonly name?: Name; readonly ends?: boolean } {
    const pick = this.below(depth > 2 ? 62 : 100);
    if (pick < 13) return this.binding(scope);
    if (pick < 17) return { text: this.assignment(scope) };
    if (pick < 28) return { text: this.store(scope) };
    if (pick < 42) return { text: this.update(scope) };
    if (pick < 45)
      return {
        text: this.of([
          `delete self.rec[${this.key(scope)}];`,
          `delete self.own[${this.key(scope)}];`,
          `delete self.ptr[${this.key(scope)}];`,
        ]),
      };
    if (pick < 48) return { text: `require ${this.expr(scope, "bool", 2)}${this.orElse(scope, 0.7)};` };
    if (pick < 50) return { text: `emit Seen(${this.expr(scope, "u64", 1)}, ${this.expr(scope, "address", 1)});` };
    if (pick < 55) return { text: this.bounded(scope) };
    if (pick < 57) return { text: this.payment(scope) };
    if (pick < 62) return { text: this.callStatement(scope) };
    if (pick < 84) return { text: this.branch(scope, depth) };
    if (pick < 94) return { text: this.loop(scope, depth) };
    if (depth === 0) return { text: this.store(scope) };
    if (pick < 98) return { text: scope.result === undefined ? "return;" : `return ${this.expr(scope, scope.result, 1)};`, ends: true };
    return { text: `revert Bad(${this.expr(scope, "u64", 1)}, ${this.expr(scope, "address", 1)});`, ends: true };
  }

  private binding(scope: Scope): { readonly text: string; readonly name: Name } {
    const kind = this.kind();
    const name = `l${this.locals++}`;
    const mutable = this.chance(0.3);
    return { text: `${mutable ? "var" : "let"} ${name}: ${kind} = ${this.expr(scope, kind, 3)};`, name: { name, kind, mutable } };
  }

  private assignment(scope: Scope): string {
    const targets = scope.names.filter((name) => name.mutable);
    if (targets.length === 0) return this.store(scope);
    const { name, kind } = this.of(targets);
    if (kind === "u64" || kind === "u8") return `${name} ${this.of(["=", "+=", "-=", "*="])} ${this.expr(scope, kind, 2)};`;
    return `${name} = ${this.expr(scope, kind, 2)};`;
  }

  private place(scope: Scope, kind: Kind): string {
    const k = (): string => this.key(scope);
    switch (kind) {
      case "u64":
        return this.of([
          () => `self.m[${k()}]`,
          () => `self.ptr[${k()}]`,
          () => `self.bal[${this.who(scope)}]`,
          () => `self.deep[${k()}][${this.who(scope)}]`,
          () => `self.rec[${k()}].n`,
          () => "self.a",
          () => "self.b",
        ])();
      case "u8":
        return `self.tiny[${this.expr(scope, "u8", 1)}]`;
      case "address":
        return this.of([() => `self.own[${k()}]`, () => `self.rec[${k()}].who`, () => "self.chief"])();
      case "bool":
        return this.of([() => "self.flag", () => `self.rec[${k()}].open`])();
    }
  }

  private store(scope: Scope): string {
    if (this.chance(0.12)) {
      const value = this.chance(0.5)
        ? `Rec { who: ${this.expr(scope, "address", 1)}, n: ${this.expr(scope, "u64", 1)}, open: ${this.expr(scope, "bool", 1)} }`
        : `self.rec[${this.key(scope)}]`;
      return `self.rec[${this.key(scope)}] = ${value};`;
    }
    const kind = this.kind();
    return `${this.place(scope, kind)} = ${this.expr(scope, kind, 2)};`;
  }

  private update(scope: Scope): string {
    const kind = this.of(["u64", "u64", "u64", "u8"] as const);
    const op = this.of(["+=", "+=", "+=", "+=", "-=", "-=", "*=", "min=", "max=", "&="]);
    return `${this.place(scope, kind)} ${op} ${this.expr(scope, kind, 1)}${op === "+=" || op === "-=" ? this.orElse(scope, 0.4) : ""};`;
  }

  /** Adds with a check of their own, and near misses. */
  private bounded(scope: Scope): string {
    const place = this.place(scope, "u64");
    const amount = this.chance(0.8) ? this.leaf(scope, "u64") : this.expr(scope, "u64", 1);
    const again = this.chance(0.9) ? amount : this.leaf(scope, "u64");
    if (this.chance(0.5)) return `require ${place} >= ${amount}${this.orElse(scope, 0.6)}; ${place} -= ${again}${this.orElse(scope, 0.2)};`;
    return `${place} += ${amount}; require ${place} ${this.of(["<=", "<=", "<"])} ${this.leaf(scope, "u64")}${this.orElse(scope, 0.6)};`;
  }

  private payment(scope: Scope): string {
    return `pay(${this.who(scope)}, u256(${this.expr(scope, "u64", 1)}));`;
  }

  private callStatement(scope: Scope): string {
    if (scope.callees.length === 0) return this.update(scope);
    const callee = this.of(scope.callees);
    return `${this.call(scope, callee)};`;
  }

  private call(scope: Scope, callee: Callee): string {
    return `self.${callee.name}(${callee.params.map((kind) => this.expr(scope, kind, 1)).join(", ")})`;
  }

  private orElse(scope: Scope, chance: number): string {
    return this.chance(chance) ? ` else Bad(${this.expr(scope, "u64", 1)}, ${this.expr(scope, "address", 1)})` : "";
  }

  private branch(scope: Scope, depth: number): string {
    const head = `if ${this.expr(scope, "bool", 2)} ${this.block(scope, depth + 1, false)}`;
    return this.chance(0.5) ? `${head} else ${this.block(scope, depth + 1, false)}` : head;
  }

  private loop(scope: Scope, depth: number): string {
    const name = `l${this.locals++}`;
    if (scope.lists.length > 0 && this.chance(0.6)) {
      const list = this.of(scope.lists);
      const inner = { ...scope, names: [...scope.names, { name, kind: list.kind, mutable: false }] };
      return `for ${name} in ${list.name} ${this.block(inner, depth + 1, false)}`;
    }
    const inner = { ...scope, names: [...scope.names, { name, kind: "u64" as const, mutable: false }] };
    const bound = this.staticNumber(scope);
    return `for ${name} in ${this.chance(0.7) ? "0" : this.staticNumber(scope)}..${bound} max 4 ${this.block(inner, depth + 1, false)}`;
  }

  /** A number that is likely to be known before execution. */
  private staticNumber(scope: Scope): string {
    const params = scope.names.filter((name) => name.kind === "u64" && name.name.startsWith("p"));
    return params.length > 0 && this.chance(0.7) ? this.of(params).name : String(1 + this.below(3));
  }

  private key(scope: Scope): string {
    return this.chance(0.55) ? this.leaf(scope, "u64") : this.expr(scope, "u64", 1);
  }

  private who(scope: Scope): string {
    return this.chance(0.6) ? this.leaf(scope, "address") : this.expr(scope, "address", 1);
  }

  private leaf(scope: Scope, kind: Kind): string {
    const names = scope.names.filter((name) => name.kind === kind);
    if (names.length > 0 && this.chance(0.7)) return this.of(names).name;
    switch (kind) {
      case "u64":
      case "u8":
        return String(this.below(5));
      case "address":
        return this.of(["caller", "caller", "self.root", "self.address"]);
      case "bool":
        return this.of(["true", "false"]);
    }
  }

  /** No literal: constants are folded, and most of them fail. */
  private variable(scope: Scope, kind: Kind): string {
    const names = scope.names.filter((name) => name.kind === kind);
    return names.length > 0 && this.chance(0.8) ? this.of(names).name : this.place(scope, kind);
  }

  private expr(scope: Scope, kind: Kind, depth: number): string {
    if (depth === 0 || this.chance(0.25)) return this.leaf(scope, kind);
    const sub = (of: Kind): string => this.expr(scope, of, depth - 1);
    if (this.chance(0.3)) return this.place(scope, kind);
    if (this.chance(0.12)) return `(if ${sub("bool")} { ${sub(kind)} } else { ${sub(kind)} })`;
    const callees = scope.callees.filter((callee) => callee.result === kind);
    if (callees.length > 0 && this.chance(0.2)) return this.call(scope, this.of(callees));
    const list = scope.lists.find((each) => each.kind === kind);
    if (list !== undefined && this.chance(0.2)) return `${list.name}[${sub("u64")}]`;
    switch (kind) {
      case "u64":
        if (scope.payable && this.chance(0.1)) return this.of(["u64(value)", "u64(self.balance & 7)"]);
        if (this.chance(0.1)) return `u64(${sub("u8")})`;
        if (this.chance(0.1)) return `${this.of(["min", "max"])}(${this.variable(scope, "u64")}, ${sub("u64")})`;
        return `(${this.variable(scope, "u64")} ${this.of(["+", "+", "+", "&", "&", "|", "%", "-", "*", "/"])} ${sub("u64")})`;
      case "u8":
        if (this.chance(0.3)) return `u8(${sub("u64")})`;
        return `(${this.variable(scope, "u8")} ${this.of(["+", "&", "&", "|", "-", "*"])} ${sub("u8")})`;
      case "address":
        return this.leaf(scope, "address");
      case "bool":
        if (this.chance(0.4)) return `(${sub("bool")} ${this.of(["&&", "||"])} ${sub("bool")})`;
        if (this.chance(0.15)) return `!${this.leaf(scope, "bool")}`;
        if (this.chance(0.3)) return `${sub("address")} ${this.of(["==", "!="])} ${sub("address")}`;
        return `${this.variable(scope, "u64")} ${this.of(["==", "!=", "<", "<=", ">", ">="])} ${sub("u64")}`;
    }
  }

  private kind(): Kind {
    return this.of(["u64", "u64", "u64", "u8", "address", "bool"]);
  }

  private some<T>(min: number, max: number, make: () => T): T[] {
    return Array.from({ length: min + this.below(max - min + 1) }, make);
  }

  private of<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  private chance(share: number): boolean {
    return this.next() < share;
  }

  private below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Mulberry32. */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}
