/** Random expressions: well typed by construction, of any kind, over what the scope names, state, other contracts and all built-in functions. */
import type { Kind, Numeric } from "./catalog.ts";
import { METHODS, isNumeric, typeText } from "./catalog.ts";
import type { Method } from "./catalog.ts";
import type { Dice } from "./dice.ts";
import { leafOf } from "./leaves.ts";
import { calleesOf, mayWrite, namesOf } from "./scope.ts";
import type { Callee, Scope } from "./scope.ts";

const COMPARE = ["==", "!=", "<", "<=", ">", ">="] as const;
const ARITHMETIC = ["+", "+", "+", "+", "&", "|", "^", "%", "-", "*", "/"] as const;
const WRAPPING = ["wrappingAdd", "wrappingSub", "wrappingMul", "saturatingAdd", "saturatingSub", "saturatingMul", "min", "max"] as const;

export class Expressions {
  protected readonly dice: Dice;
  /** Names bound within expressions so far: no two are the same. */
  private bound = 0;

  constructor(dice: Dice) {
    this.dice = dice;
  }

  expr(scope: Scope, kind: Kind, depth: number): string {
    const { dice } = this;
    if (depth <= 0 || dice.chance(0.22)) return this.leaf(scope, kind);
    if (scope.access !== "free" && dice.chance(0.3)) {
      const read = this.read(scope, kind);
      if (read !== undefined) return read;
    }
    const sub = (of: Kind): string => this.expr(scope, of, depth - 1);
    if (dice.chance(0.1)) return `(if ${sub("bool")} { ${sub(kind)} } else { ${sub(kind)} })`;
    if (dice.chance(0.06)) return this.matched(scope, kind, depth - 1);
    const callees = calleesOf(scope, kind);
    if (callees.length > 0 && dice.chance(0.2)) return this.call(scope, dice.of(callees));
    const methods = METHODS.filter(({ result, mutability }) => result === kind && (mutability === "view" || mayWrite(scope)));
    if (scope.outward && methods.length > 0 && dice.chance(0.2)) return this.external(scope, dice.of(methods));
    return this.made(scope, kind, depth);
  }

  /** A value that its kind's own ways make. */
  private made(scope: Scope, kind: Kind, depth: number): string {
    const { dice } = this;
    const sub = (of: Kind): string => this.expr(scope, of, depth - 1);
    const typed = (of: Kind): string => this.variable(scope, of, depth - 1);
    if (isNumeric(kind)) return this.number(scope, kind, depth);
    switch (kind) {
      case "bool":
        return this.condition(scope, depth);
      case "address":
        return dice.way(
          () => this.leaf(scope, kind),
          () => `address(${sub("IPeer")})`,
          () => `${this.leaf(scope, "Rec")}.who`,
          () => `ecrecover(${sub("bytes32")}, ${sub("u8")}, ${sub("bytes32")}, ${sub("bytes32")})`,
        );
      case "bytes32":
        return dice.way(
          () =>
            `${dice.of(["keccak256", "sha256", "blake3"])}(${dice.way(
              () => sub("bytes"),
              () => this.leaf(scope, "string"),
              () => this.encoded(scope, depth),
            )})`,
          () => `bytes32(${sub("u256")})`,
        );
      case "string":
        return this.leaf(scope, kind);
      case "bytes":
        return dice.way(
          () => this.leaf(scope, kind),
          () => `bytes(${this.leaf(scope, "string")})`,
          () => `concat(${typed("u8")}, ${sub("bool")}, ${typed("u64")}, ${sub("Color")})`,
          () => `concat(${this.leaf(scope, "string")}, ${typed("u8")})`,
        );
      case "Color":
        return dice.way(
          () => this.leaf(scope, kind),
          () => `Color(${sub("u64")} % 4)`,
          () => `${this.leaf(scope, "Rec")}.tag`,
        );
      case "Shape":
        return dice.way(
          () => "Shape.Dot",
          () => `Shape.Circle(${sub("u8")})`,
          () => `Shape.Box { w: ${sub("u64")}, who: ${sub("address")} }`,
        );
      case "option":
        return dice.chance(0.7) ? `some(${sub("u64")})` : "none";
      case "list":
        return `[${dice.some(1, 4, () => sub("u64")).join(", ")}]`;
      case "records":
        return `[${dice.some(1, 2, () => sub("Rec")).join(", ")}]`;
      case "Rec":
        // Evaluated as written, whatever the order of the fields.
        return `Rec { who: ${sub("address")}, n: ${sub("u64")}, tag: ${sub("Color")}, open: ${sub("bool")} }`;
      case "Pair":
        return `(${sub("u64")}, ${sub("address")})`;
      case "Crate":
        return `Crate { shape: ${sub("Shape")}, items: ${sub("list")}, maybe: ${sub("option")}, pair: ${sub("Pair")}, x: ${sub("X")} }`;
      case "IPeer":
        return `IPeer(${sub("address")})`;
      case "Small":
        return `Small(${sub("address")})`;
    }
  }

  private number(scope: Scope, kind: Numeric, depth: number): string {
    const { dice } = this;
    const sub = (of: Kind): string => this.expr(scope, of, depth - 1);
    const type = typeText(kind, scope.widths);
    const own = (): string => this.variable(scope, kind);
    const signed = type.startsWith("i");
    return dice.weighted<string>([
      [8, () => `(${own()} ${dice.of(ARITHMETIC)} ${sub(kind)})`],
      [2, () => `(${own()} ${dice.of(["<<", ">>"])} (${this.variable(scope, "u8")} & 7))`],
      [2, () => `${dice.of(WRAPPING)}(${own()}, ${sub(kind)})`],
      [1, () => `(~${own()} ${dice.of(["%", "/"])} 5)`],
      [1, () => (signed ? `(-${own()})` : `sqrt(${own()})`)],
      [1, () => (signed ? `abs(${own()})` : `${dice.of(["mulDiv", "mulDivUp"])}(${own()}, ${sub(kind)}, ${sub(kind)})`)],
      [2, () => this.converted(scope, kind, type, depth)],
      [kind === "u64" ? 3 : 0, () => this.counted(scope, depth)],
      [scope.access === "payable" && kind === "u64" ? 1 : 0, () => "u64(value)"],
      [scope.access !== "free" && kind === "u64" ? 1 : 0, () => "u64(self.balance & 7)"],
      [kind === "u256" ? 1 : 0, () => `(u256(${sub("bytes32")}) & 15)`],
      [kind === "u8" ? 1 : 0, () => `u8(${sub("Color")})`],
    ]);
  }

  private converted(scope: Scope, kind: Numeric, type: string, depth: number): string {
    const from = this.dice.of((["u64", "u8", "X", "Z"] as const).filter((each) => typeText(each, scope.widths) !== type && each !== kind));
    const operand = this.expr(scope, from, depth - 1);
    return from === "u8" ? `${type}(${operand} & 31)` : `${type}(${operand})`;
  }

  /** Numbers that say something of other values: lengths, elements, members. */
  private counted(scope: Scope, depth: number): string {
    const { dice } = this;
    const index = (): string => this.expr(scope, "u64", depth - 1);
    return dice.way(
      () => `${this.leaf(scope, "list")}.len()`,
      () => `${this.leaf(scope, "bytes")}.len()`,
      () => `${this.leaf(scope, "string")}.len()`,
      () => this.elementOf(scope, index()),
      () => `${this.leaf(scope, "Rec")}.n`,
      () => (scope.access === "free" && namesOf(scope, "Pair").length === 0 ? "LIMIT" : `${this.variable(scope, "Pair")}.k`),
      () => (scope.access === "free" ? "LIMIT" : dice.of(["block.height", "(block.time & 15)", "u64(chain.id & 7)", "LIMIT"])),
    );
  }

  private elementOf(scope: Scope, index: string): string {
    const records = namesOf(scope, "records");
    if (records.length > 0 && this.dice.chance(0.5)) return `${this.dice.of(records).name}[${index}].n`;
    return `${this.leaf(scope, "list")}[${index}]`;
  }

  private condition(scope: Scope, depth: number): string {
    const { dice } = this;
    const sub = (of: Kind): string => this.expr(scope, of, depth - 1);
    return dice.weighted<string>([
      [4, () => `(${sub("bool")} ${dice.of(["&&", "||"])} ${sub("bool")})`],
      [1, () => `(${this.variable(scope, "bool")} ${dice.of(["==", "!="])} ${sub("bool")})`],
      [1, () => `!${this.leaf(scope, "bool")}`],
      [3, () => `(${sub("address")} ${dice.of(["==", "!="])} ${sub("address")})`],
      [5, () => `(${this.variable(scope, "u64")} ${dice.of(COMPARE)} ${sub("u64")})`],
      [2, () => `(${this.variable(scope, "X")} ${dice.of(COMPARE)} ${sub("X")})`],
      [1, () => `(${this.variable(scope, "Color")} ${dice.of(["==", "!="])} ${sub("Color")})`],
      // Of two literals neither says how long the other may be.
      [
        scope.access === "free" && namesOf(scope, "string").length === 0 ? 0 : 1,
        () => `(${this.variable(scope, "string")} ${dice.of(["==", "!="])} ${sub("string")})`,
      ],
      [1, () => `(${this.variable(scope, "bytes32")} ${dice.of(["==", "!="])} ${sub("bytes32")})`],
      [1, () => `${this.leaf(scope, "list")}.contains(${sub("u64")})`],
      [1, () => `${this.leaf(scope, "Rec")}.open`],
      [scope.access === "free" ? 0 : 1, () => `hasCode(${sub("address")})`],
      [1, () => `ed25519.verify(${sub("bytes32")}, ${sub("bytes")}, ${sub("bytes")})`],
      [0.3, () => `mldsa65.verify(${sub("bytes")}, ${sub("bytes")}, ${sub("bytes")})`],
    ]);
  }

  /** Bytes of several values, for hashes and raw calls. */
  protected encoded(scope: Scope, depth: number): string {
    const kinds: readonly Kind[] = ["u64", "address", "X", "bool", "string", "bytes", "Color", "list", "Rec", "Pair", "bytes32"];
    return `encode(${this.dice.some(1, 3, () => this.variable(scope, this.dice.of(kinds), depth)).join(", ")})`;
  }

  private matched(scope: Scope, kind: Kind, depth: number): string {
    const sub = (inner: Scope): string => this.expr(inner, kind, depth);
    const bound = (name: string, of: Kind): Scope => ({ ...scope, names: [...scope.names, { name, kind: of, mutable: false }] });
    const q = `e${this.bound++}`;
    if (this.dice.chance(0.5)) {
      return `(match ${this.variable(scope, "option", depth)} { none => ${sub(scope)}, some(${q}) => ${sub(bound(q, "u64"))}, })`;
    }
    const twice = scope.names.some(({ name }) => name === "w");
    const box = !twice && this.dice.chance(0.5) ? `Shape.Box { w, who } => ${sub(bound("w", "u64"))}` : `_ => ${sub(scope)}`;
    return `(match ${this.variable(scope, "Shape", depth)} { Shape.Dot => ${sub(scope)}, Shape.Circle(${q}) => ${sub(bound(q, "u8"))}, ${box}, })`;
  }

  // --- calls ---------------------------------------------------------------------------------------------------------

  protected call(scope: Scope, callee: Callee): string {
    return `${callee.name}(${callee.params.map((kind) => this.expr(scope, kind, 1)).join(", ")})`;
  }

  protected external(scope: Scope, method: Method): string {
    const args = method.params.map((kind) => this.expr(scope, kind, 1));
    return `${this.peer(scope)}.${method.name}(${args.join(", ")})`;
  }

  /** Where a call goes: mostly to a contract that is there. */
  protected peer(scope: Scope): string {
    const names = namesOf(scope, "IPeer");
    return this.dice.weighted<string>([
      [4, () => "self.peer"],
      [names.length > 0 ? 4 : 0, () => this.dice.of(names).name],
      [2, () => `self.peers[${this.key(scope)}]`],
      [1, () => `IPeer(${this.who(scope)})`],
    ]);
  }

  // --- state ---------------------------------------------------------------------------------------------------------

  key(scope: Scope): string {
    return this.dice.chance(0.6) ? this.leaf(scope, "u64") : this.expr(scope, "u64", 1);
  }

  who(scope: Scope): string {
    return this.dice.chance(0.6) ? this.leaf(scope, "address") : this.expr(scope, "address", 1);
  }

  /** Something that can be assigned. */
  place(scope: Scope, kind: Kind): string {
    const { dice } = this;
    const k = (): string => this.key(scope);
    const w = (): string => this.who(scope);
    const by = (of: Kind): string => this.expr(scope, of, 1);
    switch (kind) {
      case "u64":
        return dice.way(
          () => `self.${dice.of(["m", "m", "ptr"])}[${k()}]`,
          () => `self.bal[${w()}]`,
          () => `self.deep[${k()}][${w()}]`,
          () => `self.rec[${k()}].n`,
          () => `self.pairs[${k()}].k`,
          () => `self.${dice.of(["byLabel", "byLabel"])}[${by("string")}]`,
          () => `self.byMark[${by("bytes32")}]`,
          () => `self.byColor[${by("Color")}]`,
          () => `self.byPair[(${k()}, ${w()})]`,
          () => dice.of(["self.a", "self.b", "self.votes", "self.only.n", "self.pair.k", "self.crate.pair.k"]),
          () => `self.crates[${k()}].pair.k`,
        );
      case "u8":
        return dice.way(
          () => `self.tiny[${by("u8")}]`,
          () => `self.byBlob[${by("bytes")}]`,
        );
      case "X":
        return dice.way(
          () => "self.x",
          () => `self.byX[${by("X")}]`,
          () => `self.power[${w()}]`,
          () => `self.crates[${k()}].x`,
        );
      case "Z":
        return dice.way(
          () => "self.z",
          () => `self.byZ[${by("Z")}][${by("u8")}]`,
        );
      case "u256":
        return dice.way(
          () => "self.big",
          () => `self.wide[${by("u256")}]`,
        );
      case "address":
        return dice.way(
          () => `self.own[${k()}]`,
          () => `self.rec[${k()}].who`,
          () => "self.chief",
          () => `self.byFlag[${by("bool")}]`,
          () => `self.pairs[${k()}].v`,
        );
      case "bool":
        return dice.way(
          () => "self.flag",
          () => `self.rec[${k()}].open`,
          () => "self.only.open",
        );
      case "bytes32":
        return "self.mark";
      case "string":
        return "self.label";
      case "bytes":
        return "self.blob";
      case "Color":
        return dice.way(
          () => "self.tone",
          () => `self.rec[${k()}].tag`,
        );
      case "Shape":
        return dice.way(
          () => "self.shape",
          () => `self.shapes[${w()}]`,
          () => `self.crates[${k()}].shape`,
        );
      case "option":
        return dice.way(
          () => "self.maybe",
          () => `self.opts[${k()}]`,
          () => `self.crates[${k()}].maybe`,
        );
      case "list":
        return dice.way(
          () => "self.queue",
          () => `self.lists[${k()}]`,
          () => `self.crates[${k()}].items`,
        );
      case "records":
        return "self.recs";
      case "Rec":
        return dice.way(
          () => `self.rec[${k()}]`,
          () => "self.only",
        );
      case "Pair":
        return dice.way(
          () => `self.pairs[${k()}]`,
          () => "self.pair",
          () => `self.crates[${k()}].pair`,
        );
      case "Crate":
        return dice.way(
          () => `self.crates[${k()}]`,
          () => "self.crate",
        );
      case "IPeer":
        return `self.peers[${k()}]`;
      case "Small":
        return `self.smalls[${k()}]`;
    }
  }

  /** Reads of state that are no places. */
  private read(scope: Scope, kind: Kind): string {
    const { dice } = this;
    const height = (): string => dice.of(["0", "1", "block.height - 1", "block.height - 2", this.key(scope)]);
    const plain = (): string => this.place(scope, kind);
    if (kind === "bool") {
      return dice.weighted<string>([
        [4, plain],
        [2, () => `self.guests.has(${this.who(scope)})`],
        [2, () => `self.rooms[${this.key(scope)}].has(${this.key(scope)})`],
        [1, () => `self.seats.has((${this.key(scope)}, ${this.expr(scope, "u8", 1)}))`],
        [1, () => `self.${dice.of(["m", "rec", "crates", "pairs", "opts", "lists"])}.has(${this.key(scope)})`],
        [1, () => `self.queue.contains(${this.key(scope)})`],
      ]);
    }
    if (kind === "u64") {
      return dice.weighted<string>([
        [8, plain],
        [1, () => "self.guests.len()"],
        [1, () => `self.rooms[${this.key(scope)}].len()`],
        [1, () => `self.votes.at(${height()})`],
        [1, () => `self.lists[${this.key(scope)}].len()`],
        [1, () => `self.queue[${this.key(scope)}]`],
      ]);
    }
    if (kind === "X" && dice.chance(0.2)) return `self.power[${this.who(scope)}].at(${height()})`;
    return plain();
  }

  leaf(scope: Scope, kind: Kind): string {
    return leafOf(this.dice, scope, kind);
  }

  /** No literal where that can be helped: constants are folded, and many of them fail; nor does a literal say of which type it is. */
  protected variable(scope: Scope, kind: Kind, depth = 1): string {
    const names = namesOf(scope, kind);
    if (names.length > 0 && this.dice.chance(0.8)) return this.dice.of(names).name;
    if (scope.access !== "free") return this.place(scope, kind);
    return names.length > 0 ? this.dice.of(names).name : this.typed(scope, kind, depth);
  }

  private typed(scope: Scope, kind: Kind, depth: number): string {
    const type = typeText(kind, scope.widths);
    if (isNumeric(kind)) return `${type}(${this.dice.below(5)})`;
    return kind === "option" ? "some(u64(1))" : this.expr(scope, kind, depth - 1);
  }
}
