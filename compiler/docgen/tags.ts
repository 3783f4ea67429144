/**
 * A doc comment taken apart. It is Markdown; whoever comes from Solidity may write lines with the tags of NatSpec: `@param x …`, `@return …`, `@dev …`,
 * `@notice …`, `@title …`, `@author …`, `@inheritdoc Name`. A tag reaches to the next tag or to an empty line. Other words behind an `@` are text, such as `@alice`.
 */

export interface TaggedDoc {
  /** Markdown: what stands in no tag, and `@notice`. */
  readonly text: string;
  /** `@dev`, Markdown. */
  readonly details: string;
  readonly title: string;
  readonly author: string;
  readonly params: ReadonlyMap<string, string>;
  readonly returns: readonly string[];
  /** The interface or mixin that has the words. */
  readonly inherits: string;
}

const TAG = /^\s*@(param|returns?|dev|notice|title|author|inheritdoc)\b[ \t]*(.*)$/;
const FENCE = /^\s*(?:```|~~~)/;

type Section = "text" | "details" | "title" | "author" | "inherits" | `param ${string}` | `return ${number}`;

export function parseDoc(doc: string): TaggedDoc {
  const sections = new Map<Section, string[]>();
  const into = (section: Section, line: string): void => {
    const lines = sections.get(section);
    if (lines === undefined) sections.set(section, [line]);
    else lines.push(line);
  };
  let current: Section = "text";
  let inFence = false;
  let returns = 0;
  for (const line of doc.split("\n")) {
    const tag = inFence ? null : TAG.exec(line);
    if (FENCE.test(line)) inFence = !inFence;
    if (tag === null) {
      if (line.trim() === "" && !inFence) current = current === "details" ? "details" : "text";
      into(current, line);
      continue;
    }
    const [, name, rest] = tag;
    const [first = "", ...others] = rest.split(/[ \t]+/);
    if (name === "param") into((current = `param ${first}`), others.join(" "));
    else if (name === "return" || name === "returns") into((current = `return ${returns++}`), rest);
    else if (name === "dev") into((current = "details"), rest);
    else if (name === "notice") into((current = "text"), rest);
    else if (name === "inheritdoc") into("inherits", first);
    else into((current = name === "title" ? "title" : "author"), rest);
  }
  const textOf = (section: Section): string => (sections.get(section) ?? []).join("\n").trim();
  const params = [...sections.keys()].filter((section) => section.startsWith("param "));
  return {
    text: textOf("text"),
    details: textOf("details"),
    title: textOf("title"),
    author: textOf("author"),
    inherits: textOf("inherits"),
    params: new Map(params.map((section) => [section.slice("param ".length), textOf(section)])),
    returns: Array.from({ length: returns }, (_, index) => textOf(`return ${index}`)),
  };
}

/** The first paragraph, in one line. */
export function summaryOf(doc: string): string {
  return parseDoc(doc)
    .text.split(/\n\s*\n/, 1)[0]
    .replaceAll(/\s+/g, " ")
    .trim();
}
