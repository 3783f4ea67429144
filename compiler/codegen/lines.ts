/**
 * Bodies of generated functions as a small tree of lines and blocks, before they become text. Definitions that nothing uses are
 * dropped here: a value that only served as a key is used by the plan, not by exec. Printing is code-block-writer's.
 */
import CodeBlockWriter from "code-block-writer";

export type Line =
  | {
      readonly kind: "line";
      /** One statement, or several that belong together. */
      readonly text: string;
      /** Names that the statement defines or assigns: it is dropped, or `otherwise` stands for it, when no later line uses one. */
      readonly defines: readonly string[];
      readonly otherwise: string | undefined;
      /** A variable that the statement assigns a new value: it stands as long as something reads that variable, anywhere in the function. */
      readonly assigns: string | undefined;
      /** The text when some of `defines` aren't used. */
      readonly partly: ((used: ReadonlySet<string>) => string) | undefined;
      /** What a reader should know of it, at the end of the line. */
      readonly note: string;
    }
  | {
      readonly kind: "block";
      /** `if (…)`, `for (…)`, `else`. */
      readonly head: string;
      readonly body: readonly Line[];
      /** `else` part: printed right behind the block. */
      readonly next: Line | undefined;
      /** Left out when its body came out empty: the head has no effect. */
      readonly optional: boolean;
    }
  | {
      readonly kind: "loop";
      /** `for (let i = 0; i < n; i += 1`, up to where another step may be added. */
      readonly head: string;
      /** A variable that moves on with each round, by `step`; only when the body uses it. */
      readonly moves: { readonly name: string; readonly step: string } | undefined;
      readonly body: readonly Line[];
    }
  /** Printed like plain lines of the block it stands in; its content is filled in while later lines are made. */
  | { readonly kind: "group"; readonly lines: readonly Line[] };

export function line(text: string, note = ""): Line {
  return { kind: "line", text, defines: [], otherwise: undefined, assigns: undefined, partly: undefined, note };
}

/** `const name = value;` that may go when `name` isn't used; with `otherwise`, the effect of the value stays. */
export function definition(names: readonly string[], text: string, otherwise: string | undefined, note = ""): Line {
  return { kind: "line", text, defines: names, otherwise, assigns: undefined, partly: undefined, note };
}

/** `const [a, b] = value;`, where names that nothing uses are left out. */
export function destructuring(names: readonly string[], text: (kept: readonly string[]) => string, otherwise: string | undefined): Line {
  const partly = (used: ReadonlySet<string>): string => text(names.map((name) => (used.has(name) ? name : "")));
  return { kind: "line", text: text(names), defines: names.filter((name) => name !== ""), otherwise, assigns: undefined, partly, note: "" };
}

/** `name = value;` that may go, but for the effect in `otherwise`, when nothing reads the variable. */
export function assignment(name: string, value: string, otherwise: string | undefined): Line {
  return { kind: "line", text: `${name} = ${value};`, defines: [], otherwise, assigns: name, partly: undefined, note: "" };
}

export function block(head: string, body: readonly Line[]): Line {
  return { kind: "block", head, body, next: undefined, optional: false };
}

/** Lines without the definitions and assignments that nothing uses. `used` are names used behind them; it is added to. */
export function withoutUnused(lines: readonly Line[], used: Set<string>): readonly Line[] {
  const assigned = new Set<string>();
  noteAssigned(lines, assigned);
  const dead = new Set<string>();
  // Dropping what was assigned to one variable may leave another one unread.
  for (;;) {
    const found = new Set(used);
    const kept = pruned(lines, found, dead);
    const unread = [...assigned].filter((name) => !found.has(name) && !dead.has(name));
    if (unread.length === 0) {
      for (const name of found) used.add(name);
      return kept;
    }
    for (const name of unread) dead.add(name);
  }
}

function noteAssigned(lines: readonly Line[], assigned: Set<string>): void {
  for (const line of lines) {
    if (line.kind === "group") noteAssigned(line.lines, assigned);
    else if (line.kind === "loop") noteAssigned(line.body, assigned);
    else if (line.kind === "line") {
      if (line.assigns !== undefined) assigned.add(line.assigns);
    } else {
      for (let block: Line | undefined = line; block?.kind === "block"; block = block.next) noteAssigned(block.body, assigned);
    }
  }
}

function pruned(lines: readonly Line[], used: Set<string>, dead: ReadonlySet<string>): readonly Line[] {
  const kept: Line[] = [];
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i];
    switch (line.kind) {
      case "line": {
        const text = keptText(line, used, dead);
        if (text === undefined) break;
        kept.push({ ...line, text, defines: [], assigns: undefined, partly: undefined });
        // Giving a variable a value is no use of it.
        noteNames(line.assigns !== undefined && text === line.text ? text.slice(line.assigns.length) : text, used);
        break;
      }
      case "block": {
        const next = line.next === undefined ? undefined : pruned([line.next], used, dead)[0];
        const body = pruned(line.body, used, dead);
        if (body.length === 0 && line.optional && next === undefined) break;
        kept.push({ ...line, body, next });
        noteNames(line.head, used);
        break;
      }
      case "loop": {
        const body = pruned(line.body, used, dead);
        const moves = line.moves !== undefined && used.has(line.moves.name) ? line.moves : undefined;
        kept.push({ ...line, moves, body });
        noteNames(line.head, used);
        break;
      }
      case "group":
        kept.push(...pruned(line.lines, used, dead).toReversed());
        break;
    }
  }
  return kept.reverse();
}

function keptText(line: Extract<Line, { kind: "line" }>, used: ReadonlySet<string>, dead: ReadonlySet<string>): string | undefined {
  if (line.assigns !== undefined) return dead.has(line.assigns) ? line.otherwise : line.text;
  if (line.defines.length === 0) return line.text;
  if (!line.defines.some((name) => used.has(name))) return line.otherwise;
  return line.partly === undefined ? line.text : line.partly(used);
}

/** Names, but for members (`.yes`), properties (`yes:`) and annotated definitions. */
const NAME = /(?<![.\w$])[A-Za-z_$][\w$]*(?![\w$:])/g;

function noteNames(text: string, used: Set<string>): void {
  for (const [name] of text.matchAll(NAME)) used.add(name);
}

/** All names in the text of functions, comments aside. */
export function namesIn(texts: readonly string[]): ReadonlySet<string> {
  const used = new Set<string>();
  for (const text of texts) {
    for (const row of text.split("\n")) {
      if (!/^\s*(?:\/\*\*| \*)/.test(row)) noteNames(row.replace(/ \/\/ .*$/, ""), used);
    }
  }
  return used;
}

export function newWriter(): CodeBlockWriter {
  return new CodeBlockWriter({ indentNumberOfSpaces: 2, newLine: "\n", useTabs: false });
}

export function printLines(writer: CodeBlockWriter, lines: readonly Line[]): void {
  for (const line of lines) {
    switch (line.kind) {
      case "line":
        writer.writeLine(line.note === "" ? line.text : `${line.text} // ${line.note}`);
        break;
      case "block":
        printBlock(writer, line);
        break;
      case "loop":
        printBlock(writer, block(`${line.head}${line.moves === undefined ? "" : `, ${line.moves.step}`})`, line.body));
        break;
      case "group":
        printLines(writer, line.lines);
        break;
    }
  }
}

function printBlock(writer: CodeBlockWriter, first: Line): void {
  // `else if` chains are long at times: a loop, not a recursion.
  let current: Line | undefined = first;
  while (current?.kind === "block") {
    const { head, body, next }: Extract<Line, { kind: "block" }> = current;
    writer.write(`${head} `).inlineBlock(() => {
      printLines(writer, body);
    });
    if (next === undefined) break;
    writer.write(" ");
    current = next;
  }
  writer.newLine();
}

/** Text that stands in a `//` comment: one line, whatever the author wrote. */
export function oneLine(text: string): string {
  return text.replace(/[\s\u2028\u2029]+/g, " ").trim();
}

/** Text that stands in a block comment. */
export function inComment(text: string): string {
  return text.replaceAll("*/", "*\\/");
}
