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
  /** Printed like plain lines of the block it stands in; its content is filled in while later lines are made. */
  | { readonly kind: "group"; readonly lines: readonly Line[] };

export function line(text: string, note = ""): Line {
  return { kind: "line", text, defines: [], otherwise: undefined, note };
}

/** `const name = value;` that may go when `name` isn't used; with `otherwise`, the effect of the value stays. */
export function definition(names: readonly string[], text: string, otherwise: string | undefined, note = ""): Line {
  return { kind: "line", text, defines: names, otherwise, note };
}

export function block(head: string, body: readonly Line[]): Line {
  return { kind: "block", head, body, next: undefined, optional: false };
}

/** Lines without the definitions that nothing uses. `used` are names used behind them; it is added to. */
export function withoutUnused(lines: readonly Line[], used: Set<string>): readonly Line[] {
  const kept: Line[] = [];
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const line = lines[i];
    switch (line.kind) {
      case "line": {
        const dead = line.defines.length > 0 && !line.defines.some((name) => used.has(name));
        if (dead && line.otherwise === undefined) break;
        const text = dead && line.otherwise !== undefined ? line.otherwise : line.text;
        kept.push({ ...line, text, defines: [] });
        noteNames(text, used);
        break;
      }
      case "block": {
        const next = line.next === undefined ? undefined : withoutUnused([line.next], used)[0];
        const body = withoutUnused(line.body, used);
        if (body.length === 0 && line.optional && next === undefined) break;
        kept.push({ ...line, body, next });
        noteNames(line.head, used);
        break;
      }
      case "group":
        kept.push(...withoutUnused(line.lines, used).toReversed());
        break;
    }
  }
  return kept.reverse();
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
      case "group":
        printLines(writer, line.lines);
        break;
    }
  }
}

function printBlock(writer: CodeBlockWriter, first: Extract<Line, { kind: "block" }>): void {
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
