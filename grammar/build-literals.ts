/**
 * What literals mean: numbers, strings, addresses. Each function returns a value and, when the literal is bad, the
 * reason; nothing is thrown and the work is bounded by the length of the literal.
 */

export interface Bad {
  /** Offsets within the literal's text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly reason: string;
}

// Far above 2^256, so that "doesn't fit the type" stays the checker's message, and far below what costs time.
const MAX_DIGITS = 100;
/** Hexadecimal digits are bytes, too: a signature, a key. */
const MAX_HEX_DIGITS = 16_384;
const MAX_TEXT = 40;

/** What nearly all literals look like. */
const plain = /^(?:0|[1-9][0-9]{0,15})$/;
const decimal = /^[0-9]+(?:_[0-9]+)*(?:[eE][0-9]+(?:_[0-9]+)*)?$/;
const hexadecimal = /^0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/;

export function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

export function numberValue(text: string): { readonly value: bigint; readonly bad: Bad | undefined } {
  if (plain.test(text)) {
    return { value: BigInt(text), bad: undefined };
  }
  const reason = badNumber(text);
  if (reason !== undefined) {
    return { value: 0n, bad: { start: 0, end: text.length, text: shorten(text), reason } };
  }
  const digits = text.replaceAll("_", "");
  if (digits.startsWith("0x")) {
    return { value: BigInt(digits), bad: undefined };
  }
  const [mantissa = "0", exponent = "0"] = digits.toLowerCase().split("e");
  return { value: BigInt(mantissa) * 10n ** BigInt(exponent), bad: undefined };
}

function badNumber(text: string): string | undefined {
  if (text.includes(".")) {
    return "there are no fractions";
  }
  if (/^0[xX]/.test(text)) {
    if (text.length > MAX_HEX_DIGITS) {
      return `it has more than ${MAX_HEX_DIGITS} digits`;
    }
    return hexadecimal.test(text) ? undefined : "`0x` is followed by hexadecimal digits, with single `_` between them";
  }
  if (text.length > MAX_DIGITS) {
    return `it has more than ${MAX_DIGITS} digits`;
  }
  if (!decimal.test(text)) {
    return "a number has digits, single `_` between them, and at most an exponent such as `e18`";
  }
  if (/^0[0-9_]/.test(text)) {
    return "it starts with a zero";
  }
  const exponent = text.toLowerCase().split("e")[1];
  return exponent !== undefined && Number(exponent.replaceAll("_", "")) > MAX_DIGITS ? `its exponent is above ${MAX_DIGITS}` : undefined;
}

/** What `@…` is: digits make an address, letters an account. */
export type AtLiteral =
  | { readonly kind: "address"; readonly value: string; readonly bad: Bad | undefined }
  | { readonly kind: "account"; readonly name: string; readonly bad: Bad | undefined };

export function atLiteral(image: string): AtLiteral {
  const body = image.slice(1);
  const bad = (reason: string): Bad => ({ start: 0, end: image.length, text: shorten(image), reason });
  if (/^[0-9]/.test(body)) {
    const good = /^0x[0-9a-fA-F]{40}$/.test(body);
    const value = good ? body.toLowerCase() : `0x${"0".repeat(40)}`;
    const reason = /^0x[0-9a-fA-F]*$/.test(body)
      ? `an address has 40 hexadecimal digits, this one ${String(body.length - 2)}`
      : "an address is `@0x` and 40 hexadecimal digits";
    return { kind: "address", value, bad: good ? undefined : bad(reason) };
  }
  return { kind: "account", name: body, bad: body === "" ? bad("an account's name or an address follows `@`") : undefined };
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\0"],
  ["\\", "\\"],
  ['"', '"'],
]);

/** `image` is the string with its quotes; the closing one may be missing (that was reported by the lexer). */
export function stringValue(image: string): { readonly value: string; readonly bad: readonly Bad[] } {
  const closed = image.length > 1 && image.endsWith('"');
  const body = image.slice(1, closed ? -1 : image.length);
  if (!body.includes("\\")) {
    return { value: body, bad: [] };
  }
  const bad: Bad[] = [];
  const parts: string[] = [];
  let at = 0;
  while (at < body.length) {
    const backslash = body.indexOf("\\", at);
    if (backslash === -1) {
      break;
    }
    parts.push(body.slice(at, backslash));
    const escape = readEscape(body, backslash);
    if (escape.reason !== undefined) {
      const text = shorten(body.slice(backslash, escape.end));
      bad.push({ start: backslash + 1, end: escape.end + 1, text, reason: escape.reason });
    }
    parts.push(escape.value);
    at = escape.end;
  }
  parts.push(body.slice(at));
  return { value: parts.join(""), bad };
}

interface Escape {
  readonly value: string;
  readonly end: number;
  readonly reason: string | undefined;
}

function readEscape(body: string, backslash: number): Escape {
  const char = String.fromCodePoint(body.codePointAt(backslash + 1) ?? 0x5c);
  const simple = simpleEscapes.get(char);
  if (simple !== undefined) {
    return { value: simple, end: backslash + 2, reason: undefined };
  }
  if (char === "u") {
    const found = /^\{([0-9a-fA-F]{1,6})\}/.exec(body.slice(backslash + 2, backslash + 10));
    const code = found === null ? -1 : parseInt(found[1], 16);
    const good = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    const reason = good ? undefined : "`\\u{…}` holds the number of a character in hexadecimal digits";
    return { value: good ? String.fromCodePoint(code) : "", end: backslash + 2 + (found?.[0].length ?? 0), reason };
  }
  const end = Math.min(backslash + 1 + char.length, body.length);
  return { value: "", end, reason: '`\\` is followed by one of `n r t 0 \\ "` or by `u{…}`' };
}
