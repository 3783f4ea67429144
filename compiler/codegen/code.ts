/** Pieces of JavaScript expressions with how tightly they bind, so that parentheses stand only where they are needed. */

export interface Code {
  readonly text: string;
  /** Precedence of the outermost operator. */
  readonly binds: number;
  /** The same value as a plain JavaScript number, where that is at hand: lengths and small literals of wide types. */
  readonly small: string | undefined;
}

const LOOSE = 0;
const TERNARY = 2;
const OPERATORS: ReadonlyMap<string, number> = new Map([
  ["||", 3],
  ["&&", 4],
  ["|", 6],
  ["^", 7],
  ["&", 8],
  ["===", 9],
  ["!==", 9],
  ["<", 10],
  ["<=", 10],
  [">", 10],
  [">=", 10],
  ["<<", 11],
  [">>", 11],
  [">>>", 11],
  ["+", 12],
  ["-", 12],
  ["*", 13],
]);
const UNARY = 15;
export const PRIMARY = 20;

export function primary(text: string): Code {
  return { text, binds: PRIMARY, small: undefined };
}

/** In parentheses unless it binds at least that tightly. */
export function within(code: Code, binds: number): string {
  return code.binds >= binds ? code.text : `(${code.text})`;
}

/** All operators lean left; `a - (b - c)` keeps its parentheses. */
export function binaryCode(op: string, left: Code, right: Code): Code {
  const binds = OPERATORS.get(op) ?? LOOSE;
  return { text: `${within(left, binds)} ${op} ${within(right, binds + 1)}`, binds, small: undefined };
}

export function unaryCode(op: string, operand: Code): Code {
  // A space keeps `- -5` from becoming `--5`.
  const inner = within(operand, UNARY);
  return { text: op === "-" && inner.startsWith("-") ? `-(${inner})` : op + inner, binds: UNARY, small: undefined };
}

export function ternaryCode(cond: Code, then: Code, otherwise: Code): Code {
  return {
    text: `${within(cond, TERNARY + 1)} ? ${within(then, TERNARY)} : ${within(otherwise, TERNARY)}`,
    binds: TERNARY,
    small: undefined,
  };
}

export function callCode(callee: string, args: readonly (Code | string)[]): Code {
  return primary(`${callee}(${args.map((arg) => (typeof arg === "string" ? arg : within(arg, 1))).join(", ")})`);
}

export function memberCode(object: Code, member: string): Code {
  return primary(`${within(object, PRIMARY)}${member}`);
}

/** A function that is called on the spot: its parameters name values that are computed once and in this order. */
export function appliedCode(params: readonly string[], body: Code, args: readonly Code[]): Code {
  const text = body.text.startsWith("{") ? `(${body.text})` : body.text;
  return primary(`((${params.join(", ")}) => ${text})(${args.map((arg) => arg.text).join(", ")})`);
}

/** Several expressions, of which the last one is the value. */
export function sequenceCode(first: readonly Code[], last: Code): Code {
  if (first.length === 0) return last;
  return primary(`(${[...first, last].map((code) => within(code, 1)).join(", ")})`);
}

/** A negative number is a unary expression: `(-5n) ** …` aside, it only matters left of a member. */
export function numberCode(text: string, small: string | undefined): Code {
  return { text, binds: text.startsWith("-") ? UNARY : PRIMARY, small };
}

/** An expression whose value nobody wants, as a statement. */
export function asStatement(code: Code): string {
  return /^[{[(]/.test(code.text) ? `void ${within(code, UNARY)};` : `${code.text};`;
}
