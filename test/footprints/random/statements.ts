/** Random statements and function bodies, over the expressions beside this file. */
import type { Kind } from "./catalog.ts";
import { METHODS, INSIDE, isNumeric, typeText } from "./catalog.ts";
import { Expressions } from "./expressions.ts";
import { isCallable, mayWrite, namesOf, withNames } from "./scope.ts";
import type { Name, Scope } from "./scope.ts";

/** A statement, the names that it adds to those behind it, and whether nothing behind it can be reached. */
interface Written {
  readonly text: string;
  readonly names?: readonly Name[];
  readonly ends?: boolean;
}

const MAX_DEPTH = 3;

export class Statements extends Expressions {
  private locals = 0;
  /** Statements that the function being written may still have. */
  private budget = 0;

  body(scope: Scope, statements: number): string {
    this.budget = statements;
    this.locals = 0;
    const numbers = this.numbers(scope);
    return this.block(
      withNames(scope, ...numbers.flatMap((each) => each.names ?? [])),
      0,
      numbers.map((each) => each.text),
    );
  }

  /** Numbers of sequences come first; some of them, where it may depend, under conditions and in loops on arguments. */
  private numbers(scope: Scope): readonly Written[] {
    const { dice } = this;
    if (scope.draws === "none") return [];
    const one = (): Written => {
      const name = `n${this.locals++}`;
      if (dice.chance(0.25)) return { text: `let ${name}: u64 = u64(self.small.next());`, names: [{ name, kind: "u64", mutable: false }] };
      return { text: `let ${name} = self.ids.next();`, names: [{ name, kind: "u64", mutable: false }] };
    };
    if (scope.draws === "always") return dice.some(1, 2, one);
    const cond = this.expr({ ...scope, access: "free", callees: [], outward: false }, "bool", 2);
    const under = `if ${cond} { ${one().text} }`;
    const loop = `for i${this.locals++} in 0..${this.staticNumber(scope)} max 3 { self.ids.next(); }`;
    return [...dice.some(0, 1, one), { text: dice.chance(0.5) ? under : loop }];
  }

  /** Of a function (depth 0) it must end with its result. */
  private block(scope: Scope, depth: number, first: readonly string[] = []): string {
    let inner = scope;
    const lines = [...first];
    const count = depth === 0 ? this.budget : 1 + this.dice.below(3);
    let ended = false;
    for (let i = 0; i < count && this.budget > 0 && !ended; i++) {
      this.budget--;
      const { text, names = [], ends = false } = this.statement(inner, depth);
      lines.push(text);
      inner = withNames(inner, ...names);
      ended = ends;
    }
    if (depth === 0 && !ended && scope.result !== undefined) lines.push(`return ${this.expr(inner, scope.result, 2)};`);
    const pad = "  ".repeat(depth + 2);
    return `{\n${lines.map((line) => `${pad}${line}\n`).join("")}${"  ".repeat(depth + 1)}}`;
  }

  private statement(scope: Scope, depth: number): Written {
    const writes = mayWrite(scope) ? 1 : 0;
    const nests = depth < MAX_DEPTH ? 1 : 0;
    const deep = depth > 0 ? 1 : 0;
    return this.dice.weighted<Written>([
      [12, () => this.binding(scope)],
      [3, () => this.destructuring(scope)],
      [5, () => ({ text: this.assignment(scope) })],
      [3, () => ({ text: this.require(scope) })],
      [4, () => ({ text: this.callStatement(scope) })],
      [12 * nests, () => ({ text: this.branch(scope, depth) })],
      [6 * nests, () => ({ text: this.match(scope, depth) })],
      [9 * nests, () => ({ text: this.loop(scope, depth) })],
      [12 * writes, () => ({ text: this.store(scope) })],
      [14 * writes, () => ({ text: this.update(scope) })],
      [4 * writes, () => ({ text: this.bounded(scope) })],
      [3 * writes, () => ({ text: this.deletion(scope) })],
      [4 * writes, () => ({ text: this.setChange(scope) })],
      [6 * writes, () => this.listChange(scope)],
      [2 * writes, () => ({ text: this.event(scope) })],
      [2 * writes, () => ({ text: `pay(${this.who(scope)}, u256(${this.expr(scope, "u64", 1)}));` })],
      [scope.outward ? 5 * writes : 0, () => ({ text: `${this.external(scope, this.dice.of(METHODS))};` })],
      [scope.outward ? 2 * writes : 0, () => this.rawCall(scope)],
      [scope.outward ? 2 * writes : 0, () => this.creation(scope)],
      [2 * deep, () => ({ text: this.returning(scope), ends: true })],
      [1 * deep, () => ({ text: this.reverting(scope), ends: true })],
    ]);
  }

  // --- locals --------------------------------------------------------------------------------------------------------

  private binding(scope: Scope): Written {
    const kind = this.dice.of(INSIDE);
    const name = `l${this.locals++}`;
    const mutable = this.dice.chance(0.35);
    const text = `${mutable ? "var" : "let"} ${name}: ${typeText(kind, scope.widths)} = ${this.expr(scope, kind, 3)};`;
    return { text, names: [{ name, kind, mutable }] };
  }

  private destructuring(scope: Scope): Written {
    const [a, b] = [`l${this.locals++}`, `l${this.locals++}`];
    const names: Name[] = [
      { name: a, kind: "u64", mutable: false },
      { name: b, kind: "address", mutable: false },
    ];
    return this.dice.way<Written>(
      () => ({ text: `let (${a}, ${b}) = ${this.variable(scope, "Pair")};`, names }),
      () => ({ text: `let (_, ${b}) = ${this.expr(scope, "Pair", 1)};`, names: names.slice(1) }),
      () => {
        const data = `encode(${this.variable(scope, "u64")}, ${this.variable(scope, "address")})`;
        const wrong = this.dice.chance(0.2) ? this.encoded(scope, 1) : data;
        return { text: `let (${a}, ${b}): (u64, address) = decode(${wrong});`, names };
      },
    );
  }

  private assignment(scope: Scope): string {
    const targets = scope.names.filter((name) => name.mutable);
    if (targets.length === 0) return this.require(scope);
    const { name, kind } = this.dice.of(targets);
    const value = (of: Kind): string => this.expr(scope, of, 2);
    if (isNumeric(kind)) return `${name} ${this.dice.of(["=", "+=", "-=", "*=", "|=", "min=", "max=", "^=", "&=", "%="])} ${value(kind)};`;
    const part = this.dice.chance(0.6);
    if (kind === "Rec" && part)
      return this.dice.way(
        () => `${name}.n = ${value("u64")};`,
        () => `${name}.who = ${value("address")};`,
      );
    if (kind === "Crate" && part)
      return this.dice.way(
        () => `${name}.items.push(${value("u64")});`,
        () => `${name}.pair.k += ${value("u64")};`,
      );
    if (kind === "list" && part)
      return this.dice.way(
        () => `${name}.push(${value("u64")});`,
        () => `${name}[${value("u64")}] = ${value("u64")};`,
        () => `${name}.pop();`,
      );
    if (kind === "records" && part) return `${name}[${value("u64")}].n = ${value("u64")};`;
    if (kind === "Pair" && part) return `${name}.k = ${value("u64")};`;
    return `${name} = ${value(kind)};`;
  }

  // --- state ---------------------------------------------------------------------------------------------------------

  private store(scope: Scope): string {
    const kind = this.dice.of(INSIDE);
    return `${this.place(scope, kind)} = ${this.expr(scope, kind, 2)};`;
  }

  private update(scope: Scope): string {
    const { dice } = this;
    const kind = dice.of(["u64", "u64", "u64", "u64", "u8", "X", "Z", "u256"] as const);
    const op = dice.of(["+=", "+=", "+=", "+=", "+=", "-=", "-=", "*=", "/=", "%=", "min=", "max=", "&=", "|=", "^=", "max=", "|="]);
    return `${this.place(scope, kind)} ${op} ${this.expr(scope, kind, 1)}${op === "+=" || op === "-=" ? this.orElse(scope, 0.4) : ""};`;
  }

  /** Adds with a check of their own, and near misses. */
  private bounded(scope: Scope): string {
    const { dice } = this;
    const kind = dice.of(["u64", "u64", "X", "u8"] as const);
    const place = this.place(scope, kind);
    const amount = dice.chance(0.8) ? this.leaf(scope, kind) : this.expr(scope, kind, 1);
    const again = dice.chance(0.9) ? amount : this.leaf(scope, kind);
    if (dice.chance(0.5)) return `require ${place} >= ${amount}${this.orElse(scope, 0.6)}; ${place} -= ${again}${this.orElse(scope, 0.2)};`;
    return `${place} += ${amount}; require ${place} ${dice.of(["<=", "<=", "<"])} ${this.leaf(scope, kind)}${this.orElse(scope, 0.6)};`;
  }

  private deletion(scope: Scope): string {
    return `delete ${this.place(scope, this.dice.of(["Rec", "address", "u64", "list", "Crate", "Pair", "option", "Shape", "X"] as const))};`;
  }

  private setChange(scope: Scope): string {
    const change = this.dice.of(["add", "add", "remove"]);
    const call = this.dice.way(
      () => `self.guests.${change}(${this.who(scope)})`,
      () => `self.rooms[${this.key(scope)}].${change}(${this.key(scope)})`,
      () => `self.seats.${change}((${this.key(scope)}, ${this.expr(scope, "u8", 1)}))`,
    );
    return this.dice.chance(0.7) ? `${call};` : `require ${call}${this.orElse(scope, 0.5)};`;
  }

  private listChange(scope: Scope): Written {
    const list = this.place(scope, "list");
    const value = (): string => this.expr(scope, "u64", 1);
    return this.dice.way<Written>(
      () => ({ text: `${list}.push(${value()});` }),
      () => ({ text: `if ${list}.len() < 4 { ${list}.push(${value()}); }` }),
      () => ({ text: `${list}[${value()}] = ${value()};` }),
      () => ({ text: `self.recs[${value()}].n = ${value()};` }),
      () => ({ text: `${list} = [];` }),
      () => {
        const name = `l${this.locals++}`;
        return { text: `let ${name} = ${list}.pop();`, names: [{ name, kind: "u64", mutable: false }] };
      },
    );
  }

  // --- checks, events, calls -----------------------------------------------------------------------------------------

  private require(scope: Scope): string {
    return `require ${this.expr(scope, "bool", 2)}${this.orElse(scope, 0.6)};`;
  }

  private orElse(scope: Scope, chance: number): string {
    return this.dice.chance(chance) ? ` else ${this.error(scope)}` : "";
  }

  private error(scope: Scope): string {
    if (this.dice.chance(0.85)) return `Bad(${this.expr(scope, "u64", 1)}, ${this.expr(scope, "address", 1)})`;
    return `Worse(${this.expr(scope, "string", 1)}, ${this.expr(scope, "Rec", 1)}, ${this.expr(scope, "list", 1)})`;
  }

  private event(scope: Scope): string {
    const of = (kind: Kind): string => this.expr(scope, kind, 1);
    if (this.dice.chance(0.6)) return `emit Seen(${of("u64")}, ${of("address")});`;
    return `emit Named(${of("string")}, ${of("Color")}, ${of("X")}, ${of("bytes")}, ${of("Rec")});`;
  }

  private callStatement(scope: Scope): string {
    const callees = scope.callees.filter((callee) => isCallable(scope, callee) && !callee.free);
    return callees.length === 0 ? this.require(scope) : `${this.call(scope, this.dice.of(callees))};`;
  }

  private rawCall(scope: Scope): Written {
    const method = this.dice.of(METHODS.filter(({ name }) => name === "bump" || name === "look" || name === "draw" || name === "fund"));
    const args = method.params.map((kind) => this.variable(scope, kind));
    const coin = this.dice.chance(0.6) ? "0" : `u256(${this.leaf(scope, "u64")})`;
    const data = `concat(selector(IPeer.${method.name}), encode(${args.join(", ")}))`;
    const [raw, name] = [`l${this.locals++}`, `l${this.locals++}`];
    const text = `let ${raw}: bytes<${this.dice.of([32, 64, 32, 31])}> = call(${this.peer(scope)}, ${coin}, ${data});`;
    if (method.result !== "u64" || this.dice.chance(0.5)) return { text };
    return { text: `${text} let ${name}: u64 = decode(${raw});`, names: [{ name, kind: "u64", mutable: false }] };
  }

  private creation(scope: Scope): Written {
    const name = `l${this.locals++}`;
    const make = `create Small(${this.expr(scope, "u64", 1)})`;
    return this.dice.way<Written>(
      () => ({ text: `self.smalls[${this.key(scope)}] = ${make};` }),
      () => ({ text: `let ${name} = ${make}; ${name}.touch(${this.key(scope)});`, names: [{ name, kind: "Small", mutable: false }] }),
      () => ({ text: `self.smalls[${this.key(scope)}].touch(${this.key(scope)});` }),
      () => ({ text: `require self.smalls[${this.key(scope)}].sum() < 50;` }),
    );
  }

  private returning(scope: Scope): string {
    return scope.result === undefined ? "return;" : `return ${this.expr(scope, scope.result, 1)};`;
  }

  private reverting(scope: Scope): string {
    return `revert ${this.error(scope)};`;
  }

  // --- blocks --------------------------------------------------------------------------------------------------------

  private branch(scope: Scope, depth: number): string {
    const head = `if ${this.expr(scope, "bool", 2)} ${this.block(scope, depth + 1)}`;
    return this.dice.chance(0.5) ? `${head} else ${this.block(scope, depth + 1)}` : head;
  }

  private match(scope: Scope, depth: number): string {
    const bound = (name: string, kind: Kind): Scope => withNames(scope, { name, kind, mutable: false });
    const a = `q${this.locals++}`;
    const inside = (inner: Scope): string => this.block(inner, depth + 1);
    return this.dice.way(
      () => `if let some(${a}) = ${this.variable(scope, "option")} ${inside(bound(a, "u64"))}`,
      () => `if let Shape.Circle(${a}) = ${this.variable(scope, "Shape")} ${inside(bound(a, "u8"))} else ${inside(scope)}`,
      () => `match ${this.variable(scope, "option")} { some(${a}) => ${inside(bound(a, "u64"))}, none => ${inside(scope)}, }`,
      () => {
        if (scope.names.some(({ name }) => name === "w")) return this.branch(scope, depth);
        const box = withNames(bound("w", "u64"), { name: "who", kind: "address", mutable: false });
        return `match ${this.variable(scope, "Shape")} { Shape.Box { w, who } => ${inside(box)}, Shape.Dot => ${inside(scope)}, _ => ${inside(scope)}, }`;
      },
      () => `match ${this.variable(scope, "Color")} { Color.Red => ${inside(scope)}, _ => ${inside(scope)}, }`,
    );
  }

  private loop(scope: Scope, depth: number): string {
    const name = `l${this.locals++}`;
    const over = (kind: Kind, list: string): string =>
      `for ${name} in ${list} ${this.block(withNames(scope, { name, kind, mutable: false }), depth + 1)}`;
    const lists = [...namesOf(scope, "list"), ...namesOf(scope, "records")];
    const range = (): string => {
      const from = this.dice.chance(0.7) ? "0" : this.staticNumber(scope);
      const to = this.dice.chance(0.7) ? this.staticNumber(scope) : this.variable(scope, "u64");
      return over("u64", `${from}..${to} max 4`);
    };
    return this.dice.weighted<string>([
      [
        lists.length > 0 ? 6 : 0,
        () => {
          const list = this.dice.of(lists);
          return over(list.kind === "list" ? "u64" : "Rec", list.name);
        },
      ],
      [4, range],
      [1, () => over("u64", "0..LIMIT")],
      [scope.access === "free" ? 0 : 2, () => over("u64", this.place(scope, "list"))],
      [scope.access === "free" ? 0 : 1, () => over("Rec", "self.recs")],
    ]);
  }

  /** A number that is likely to be known before execution. */
  private staticNumber(scope: Scope): string {
    const params = namesOf(scope, "u64").filter(({ name }) => name.startsWith("p"));
    return params.length > 0 && this.dice.chance(0.7) ? this.dice.of(params).name : String(1 + this.dice.below(3));
  }
}
