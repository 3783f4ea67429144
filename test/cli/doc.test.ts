/** `weft doc`: what the pages say, that links lead somewhere, that hostile words stay words, and that pages are the same every time. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plainText } from "../../cli/doc/blocks.ts";
import type { Block } from "../../cli/doc/blocks.ts";
import { renderHtml } from "../../cli/doc/html.ts";
import { renderMarkdown } from "../../cli/doc/markdown.ts";
import { parseProse } from "../../cli/doc/prose.ts";
import { parseDoc, summaryOf } from "../../compiler/docgen/tags.ts";
import { folderWith, jsonOf, weft } from "../helpers/cli.ts";

const SOURCE = `/// What others may ask.
interface Ledger {
  /// Moves \`value\` to \`to\`.
  /// @param to who gets it
  /// @return ok always true
  pub fn move(to: address, value: u256) -> bool;
}

/// Has one owner.
mixin Owned {
  state owner: address;
  /// Somebody else.
  error NotOwner(account: address);
  event Moved(indexed to: address);

  guard onlyOwner {
    require caller == self.owner else NotOwner(caller);
  }

  /// Gives it to \`next\`.
  pub fn give(next: address) with onlyOwner {
    self.owner = next;
    emit Moved(next);
  }
}

/// How it stands.
enum Mood {
  /// Nothing is known.
  Calm,
  Wild,
}

struct Entry {
  /// When it began.
  since: u64;
  mood: Mood;
}

/// Half of it, rounded down.
fn half(value: u256) -> u256 {
  return value / 2;
}

/// A vault. See [Owned], [\`Ledger.move\`] and [Mood].
///
/// - one
/// - two
///
/// @title The vault
/// @dev Written for tests.
contract Vault uses Owned implements Ledger {
  /// What each has.
  state entries: map<address, Entry>;
  state shares: map<address, u256>;
  state ids: sequence<u64>;
  error TooLittle(has: u256);

  init() {
    self.owner = caller;
  }

  pub fn move(to: address, value: u256) -> bool {
    self.shares[caller] -= value else TooLittle(self.shares[caller]);
    self.shares[to] += half(value) + half(value);
    return true;
  }

  payable fn put() -> u64 {
    self.shares[caller] += value;
    return self.ids.next();
  }

  pub fn calm(mood: Mood) {
    require mood == Mood.Calm;
    self.entries[caller].mood = mood;
  }

  view fn one() -> u256 {
    return 1;
  }

  invariant nothing {
    require true;
  }

  parallel (a: put, b: put);
}
`;

function docsOf(files: Readonly<Record<string, string>>, ...more: readonly string[]): string {
  const cwd = folderWith(files);
  const { code, err } = weft(["doc", ".", "--out", "api", ...more], { cwd });
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  return join(cwd, "api");
}

const out = docsOf({ "vault.weft": SOURCE }, "--title", "Vaults & more");
const page = (name: string): string => readFileSync(join(out, name), "utf8");

describe("the page of a contract", () => {
  const text = page("Vault.md");
  const part = (name: string): string => text.slice(text.indexOf(`### \`${name}\``)).split("\n### ", 2)[0];

  test("has its words, and leads to what it names", () => {
    expect(text).toContain("# Contract `Vault`");
    expect(text).toContain(
      "**The vault**\n\nA vault. See [`Owned`](Owned.md), [`Ledger.move`](Ledger.md#fn-move) and [`Mood`](types.md#enum-Mood).\n\n- one\n- two\n\nWritten for tests.",
    );
    expect(text).toContain("It uses [`Owned`](Owned.md).");
    expect(text).toContain("It implements [`Ledger`](Ledger.md).");
    expect(text).toContain("Declared in `vault.weft:");
  });

  test("says of each function what it takes, gives, reverts with, emits, touches and waits for", () => {
    const move = part("move");
    expect(move).toContain("`pub fn move(to: address, value: u256) -> bool`");
    // Words of the interface, since it has none of its own.
    expect(move).toContain("Described by interface [`Ledger`](Ledger.md).\n\nMoves `value` to `to`.");
    expect(move).toContain("| takes | `to` | `address` | who gets it |");
    expect(move).toContain("| gives |  | `bool` | ok always true |");
    expect(move).toContain("- [`TooLittle`](Vault.md#error-TooLittle)\n- `Panic(0x11)`: a result doesn't fit its type\n");
    expect(move).not.toContain("0x12");
    expect(move).toContain("- takes `value` from `shares[caller]`");
    expect(move).toMatch(/Costs at most `\d+`/);
    expect(part("calm")).toMatch(/- for \[`calm`\]\(Vault.md#fn-calm\) when `a.caller == b.caller .*`/);
    expect(move).toContain("- never for [`give`](Vault.md#fn-give)");
    expect(move).toMatch(/Selector `0x[0-9a-f]{8}` of `move\(address,uint256\)`/);
    const give = part("give");
    expect(give).toContain("`pub fn give(next: address) with onlyOwner`");
    expect(give).toContain("From mixin [`Owned`](Owned.md).");
    expect(give).toContain("- [`NotOwner`](Vault.md#error-NotOwner)");
    expect(give).toContain("**Emits** [`Moved`](Vault.md#event-Moved)");
    expect(give).toContain("- writes `owner`");
    const put = part("put");
    expect(put).toContain("`payable fn put() -> u64`");
    expect(put).toContain("- `SequenceExhausted()`: no number is left");
    expect(put).toContain("- draws a number of `ids`");
    expect(put).toContain("while the sums clear");
    expect(part("calm")).toContain("- without data");
    expect(part("one")).toContain("Never reverts by itself.");
    expect(part("one")).toContain("**Touches** no state.");
  });

  test("shows state with getters, topics, selectors, assertions, invariants and the ABI", () => {
    expect(part("shares")).toContain("Read by `shares(address)`, selector `0x");
    expect(part("ids")).toContain("It has no getter.");
    expect(part("entries")).toContain("What each has.");
    expect(part("Moved")).toMatch(/`event Moved\(indexed to: address\)`\n\nTopic `0x[0-9a-f]{64}`/);
    expect(part("NotOwner")).toContain("Somebody else.");
    expect(part("TooLittle")).toMatch(/Selector `0x[0-9a-f]{8}` of `TooLittle\(uint256\)`/);
    expect(text).toContain("```weft\nparallel (a: put, b: put);\n```");
    expect(text).toMatch(/Of 15 pairs of functions, calls of \d+ never wait/);
    expect(text).toContain("## Invariants");
    const abi: unknown = JSON.parse(page("Vault.abi.json"));
    expect(abi).toEqual(expect.arrayContaining([expect.objectContaining({ type: "function", name: "move" })]));
    expect(JSON.parse(/<summary>.*?```json\n(.*?)\n```/s.exec(text)?.[1] ?? "")).toEqual(abi);
  });
});

describe("the other pages", () => {
  test("tell of interfaces, mixins, types and functions outside of contracts", () => {
    expect(page("Ledger.md")).toContain("Implemented by [`Vault`](Vault.md).");
    expect(page("Ledger.md")).toContain("- `to`: who gets it");
    expect(page("Owned.md")).toContain("`guard onlyOwner`");
    expect(page("Owned.md")).toContain("Used by [`Vault`](Vault.md).");
    expect(page("types.md")).toContain("| `Calm` | Nothing is known. |");
    expect(page("types.md")).toContain("| `since` | `u64` | When it began. |");
    expect(page("types.md")).toContain("`fn half(value: u256) -> u256`\n\nHalf of it, rounded down.");
    expect(page("index.md")).toContain("# Vaults &amp; more");
    expect(page("index.md")).toContain("| [`Vault`](Vault.md) | A vault. See");
  });

  test("links and anchors of all pages lead somewhere, in both forms", () => {
    for (const name of readdirSync(out).filter((each) => /\.(?:html|md)$/.test(each))) {
      const text = page(name);
      const targets = name.endsWith(".md") ? [...text.matchAll(/\]\(([^)\s]+)\)/g)] : [...text.matchAll(/href="([^"]+)"/g)];
      for (const [, target] of targets) {
        const [file, anchor] = target.split("#", 2);
        const other = file === "" ? text : existsSync(join(out, file)) ? page(file) : undefined;
        expect({ name, target, found: other !== undefined && (anchor === undefined || other.includes(`id="${anchor}"`)) }).toEqual({
          name,
          target,
          found: true,
        });
      }
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("headings of HTML leave out no level, and every page stands alone", () => {
    for (const name of readdirSync(out).filter((each) => each.endsWith(".html"))) {
      const text = page(name);
      const main = text.slice(text.indexOf("<main"));
      const levels = [...main.matchAll(/<h(\d)/g)].map((match) => Number(match[1]));
      expect(levels[0]).toBe(1);
      levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
      expect(text).toContain("default-src &#39;none&#39;; style-src");
      expect(text).not.toMatch(/<(?:script|img|link|iframe)\b/);
      expect(text).toContain('<html lang="en">');
    }
  });
});

describe("the command", () => {
  test("gives the same bytes every time, --check says whether pages are as they should be", () => {
    const cwd = folderWith({ "vault.weft": SOURCE });
    expect(weft(["doc", "vault.weft", "--out", "api", "--check"], { cwd })).toMatchObject({ code: 1 });
    expect(existsSync(join(cwd, "api"))).toBe(false);
    expect(weft(["doc", "vault.weft", "--out", "api"], { cwd }).code).toBe(0);
    expect(weft(["doc", "vault.weft", "--out", "api", "--check"], { cwd })).toMatchObject({
      code: 0,
      err: "the pages are as they should be\n",
    });
    writeFileSync(join(cwd, "api/Vault.md"), "");
    expect(jsonOf(weft(["doc", "vault.weft", "--out", "api", "--check", "--json"], { cwd }))).toMatchObject({
      ok: false,
      stale: ["api/Vault.md"],
      written: [],
    });
    for (const name of readdirSync(out)) {
      if (/^(?:Owned|Ledger|types)\./.test(name) && name.endsWith(".md"))
        expect(readFileSync(join(cwd, "api", name), "utf8")).toBe(page(name));
    }
  });

  test("--html and --markdown leave the other out", () => {
    expect(readdirSync(docsOf({ "a.weft": "contract A {}\n" }, "--html"))).toEqual(["A.abi.json", "A.html", "index.html"]);
    expect(readdirSync(docsOf({ "a.weft": "contract A {}\n" }, "--markdown"))).toEqual(["A.abi.json", "A.md", "index.md"]);
  });

  test("names that a disk may take for one get pages of their own", () => {
    const folder = docsOf(
      {
        "a.weft": "contract Index {}\ncontract Types {}\n/// Other words.\ninterface Coin { pub fn a(); }\n",
        "b.weft": "mixin COIN {}\ncontract X {}\n",
      },
      "--markdown",
    );
    const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["Index-2.md", "Types-2.md", "Coin.md", "COIN-2.md"]));
    expect(readFileSync(join(folder, "index.md"), "utf8")).toContain("[`Index`](Index-2.md)");
  });

  test("a program with errors writes nothing; a folder that can't be written is told", () => {
    const cwd = folderWith({ "a.weft": "contract A { state x: nothing; }", "b.weft": "contract B {}\n", file: "" });
    expect(weft(["doc", "a.weft", "--out", "api"], { cwd })).toMatchObject({ code: 1 });
    expect(existsSync(join(cwd, "api"))).toBe(false);
    expect(weft(["doc", "b.weft", "--out", "file"], { cwd }).err).toContain("it is a file, not a folder");
    expect(weft(["doc", "b.weft"], { cwd })).toMatchObject({ code: 2 });
  });

  test("what is only imported shows interfaces, mixins and types, no contracts", () => {
    const cwd = folderWith({
      "main.weft": 'import { Lib, Kind } from "./lib/lib.weft";\n\ncontract Main uses Lib {\n  state kind: Kind;\n}\n',
    });
    mkdirSync(join(cwd, "lib"));
    writeFileSync(join(cwd, "lib/lib.weft"), "enum Kind { A }\nmixin Lib {}\ncontract Other {}\n");
    expect(weft(["doc", "main.weft", "--out", "api", "--markdown"], { cwd }).code).toBe(0);
    expect(readdirSync(join(cwd, "api"))).toEqual(["Lib.md", "Main.abi.json", "Main.md", "index.md", "types.md"]);
  });
});

// --- words of doc comments -------------------------------------------------------------------------------------------

const nowhere = { level: 1, resolve: () => undefined };
const html = (markdown: string): string => {
  const blocks = parseProse(markdown, nowhere);
  const shown = renderHtml({ page: "p", title: "p", group: "types", blocks }, [], "t");
  return shown
    .slice(shown.indexOf('<main id="main">') + 16, shown.indexOf("</main>"))
    .replaceAll("\n", "")
    .replaceAll("<wbr>", "");
};
const markdown = (text: string): string => renderMarkdown({ page: "p", title: "p", group: "types", blocks: parseProse(text, nowhere) });

describe("Markdown of doc comments", () => {
  test.each([
    ["plain", "<p>plain</p>"],
    ["a *b* **c** _d_ `e`", '<p>a <em>b</em> <strong>c</strong> <em>d</em> <code dir="ltr">e</code></p>'],
    ["snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>"],
    ["\\*no\\*", "<p>*no*</p>"],
    ["# Title", "<h2>Title</h2>"],
    ["- a\n- b\n  c\n  - d", "<ul><li>a</li><li><p>bc</p><ul><li>d</li></ul></li></ul>"],
    ["1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"],
    ["> a\n> b", "<blockquote><p>ab</p></blockquote>"],
    ["```weft\nlet x = `1`;\n```", '<pre tabindex="0"><code>let x = &#96;1&#96;;</code></pre>'],
    ["[a](https://example.com/x)", '<p><a href="https://example.com/x" rel="noopener noreferrer nofollow">a</a></p>'],
    ["<https://example.com>", '<p><a href="https://example.com" rel="noopener noreferrer nofollow">https://example.com</a></p>'],
    ["| a | b |\n| --- | --- |\n| 1 | `2` |", "<table>"],
  ])("%s", (text, expected) => {
    expect(html(text)).toContain(expected);
  });

  const HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    '[a](https://x"onmouseover=alert(1))',
    "<javascript:alert(1)>",
    "![a](http://evil.example/x.png)",
    "`</code><script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>\nx\n```',
    "</main></body><script>alert(1)</script>",
    "&lt;script&gt;",
    "# <a href=javascript:alert(1)>x</a>",
    "| <b>a</b> |\n| --- |\n| <script>1</script> |",
    "a \u202e b \u0000 c",
  ];

  test.each(HOSTILE)("hostile: %s", (text) => {
    const shown = html(text);
    expect(shown).not.toMatch(/<(?:script|img|b|iframe)\b/i);
    expect(shown).not.toMatch(/href="(?!https?:|mailto:|#)/i);
    expect(shown).not.toMatch(/ on\w+="/i);
    expect(shown).not.toContain("\u202e");
    // As Markdown it is still no HTML for whoever renders it with HTML allowed, and means the same when it is read again.
    const again = markdown(text);
    const outside = again.replaceAll(/^```[^]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
    expect(outside).not.toMatch(/<[a-z!/]/i);
    expect(again).not.toMatch(/(?<!\\)\]\((?:javascript|data):/i);
    expect(outside).not.toMatch(/(?<!\\)!\[/);
    expect(plainOf(parseProse(again, nowhere)).replaceAll(/&(lt|gt|amp);/g, "")).not.toMatch(/<script>.*<script>.*<script>/);
  });

  test("a bar in a cell ends no cell", () => {
    const again = markdown("| a | b |\n| --- | --- |\n| x \\| y | `p \\| q` |");
    expect(again.trimEnd().split("\n").at(-1)).toBe("| x \\| y | `p \\| q` |");
  });

  test("a picture becomes a link", () => {
    expect(markdown("See![a](https://example.com/x.png)").trimEnd()).toBe("See\\![a](https://example.com/x.png)");
    expect(html("See![a](https://example.com/x.png)")).toContain('See!<a href="https://example.com/x.png"');
  });

  test.each([
    ["# Title ##", "<h2>Title</h2>"],
    ["#", "<h2></h2>"],
    ["# #", "<h2></h2>"],
    ["# C#", "<h2>C#</h2>"],
    ["~~~~ts x\na\n~~~~", '<pre tabindex="0"><code>a</code></pre>'],
    ["a | b\n:-- | --:\n1 | 2", "<table>"],
    ["a | b\n| :- x | -- |", "<p>a | b"],
    ["[`a`b](https://example.com)", '<code dir="ltr">a</code>b</a>'],
  ])("marks: %s", (text, expected) => {
    expect(html(text)).toContain(expected);
  });

  test("written as Markdown and read again it says the same", () => {
    for (const text of [
      "a *b* `c`",
      "- a\n- b",
      "1. a\n2. b",
      "> q",
      "```\nx\n```",
      "2 * 3 * 4 # 5",
      "snake_case",
      "\\# no title",
      "+ a",
    ]) {
      expect(plainOf(parseProse(markdown(text), nowhere))).toBe(plainOf(parseProse(text, nowhere)));
    }
  });

  test("takes linear time, however it is meant to be read", () => {
    const started = performance.now();
    for (const piece of ["*a ", "**", "`", "[a](", "[", "<", "> ", "- ", "_a", "| a ", "\\", "![", "  - "])
      html(piece.repeat(60_000 / piece.length));
    for (const line of ["- a\n", "> a\n", "| a |\n", "  - a\n\n", "```\n", "# a\n", "1. a\n\n\n"]) html(line.repeat(5_000));
    for (const line of ["# ", "- - -", "```", "|-", "a | b\n- "]) html(`${line}${" ".repeat(60_000)}x\u2028`);
    html(`${"~".repeat(60_000)}\``);
    html(`[${"`a`".repeat(120)}x`);
    for (let depth = 1; depth < 200; depth += 50) html(`${"> ".repeat(depth)}a\n${"  ".repeat(depth)}- b`);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

function plainOf(blocks: readonly Block[]): string {
  return blocks
    .map((block): string => {
      switch (block.kind) {
        case "heading":
        case "paragraph":
          return plainText(block.inlines);
        case "list":
          return block.items.map(plainOf).join("\n");
        case "fence":
          return block.text;
        case "quote":
        case "details":
          return plainOf(block.blocks);
        case "table":
          return [block.head, ...block.rows].map((row) => row.map(plainText).join(" ")).join("\n");
        case "rule":
          return "";
      }
    })
    .join("\n");
}

describe("tags of NatSpec", () => {
  test("are told from text", () => {
    const doc = parseDoc(
      "Pays @alice.\n\nMore.\n@param to who\n  gets it\n@param value how much\n@return yes the power\n@return no the rest\n@dev Careful.\n\nStill careful.\n@author Ann\n@nobody knows",
    );
    expect(doc.text).toBe("Pays @alice.\n\nMore.");
    expect([...doc.params]).toEqual([
      ["to", "who\n  gets it"],
      ["value", "how much"],
    ]);
    expect(doc.returns).toEqual(["yes the power", "no the rest"]);
    expect(doc.details).toBe("Careful.\n\nStill careful.");
    expect(doc.author).toBe("Ann\n@nobody knows");
    expect(parseDoc("```\n@param x\n```").text).toBe("```\n@param x\n```");
    expect(summaryOf("One\ntwo.\n\nThree.")).toBe("One two.");
  });

  test("reach userdoc and devdoc of weft build", () => {
    const cwd = folderWith({
      "vault.weft": SOURCE.replace(
        "  pub fn move(to: address, value: u256) -> bool {",
        "  /// Moves.\n  /// @param to who\n  /// @return fine\n  pub fn move(to: address, value: u256) -> bool {",
      ),
    });
    expect(weft(["build", "vault.weft", "--out", "b"], { cwd }).code).toBe(0);
    const json = (name: string): unknown => JSON.parse(readFileSync(join(cwd, "b", name), "utf8"));
    expect(json("Vault.userdoc.json")).toMatchObject({ methods: { "move(address,uint256)": { notice: "Moves." } } });
    expect(json("Vault.devdoc.json")).toMatchObject({
      kind: "dev",
      version: 1,
      title: "The vault",
      details: "Written for tests.",
      methods: { "move(address,uint256)": { params: { to: "who" }, returns: { _0: "fine" } } },
    });
  });
});
