/** The page of a file: well-formed, complete, escaped, bounded, and the same bytes each time. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractReport } from "../../../../compiler/conflicts/report.ts";
import { compile } from "../../../../compiler/pipeline.ts";
import { breakable, escapeHtml, markup } from "../../../../cli/render/html/markup.ts";
import { renderReport } from "../../../../cli/render/html/page.ts";
import { DARK, LIGHT } from "../../../../cli/render/html/palette.ts";
import type { Palette } from "../../../../cli/render/html/palette.ts";
import { SCRIPT } from "../../../../cli/render/html/script.ts";
import { ROOT } from "../../../helpers/cli.ts";
import { decoded, elementsOf, pageOf, reportsOf } from "../../../helpers/report.ts";

const CONTRACTS = join(ROOT, "test/corpus/contracts");
const contracts = readdirSync(CONTRACTS).filter((name) => name.endsWith(".weft"));

function corpusPage(name: string): string {
  const read = (path: string): string => readFileSync(join(CONTRACTS, path), "utf8");
  const { analysed } = compile(name, read);
  if (analysed === undefined) throw new Error(`${name} doesn't compile`);
  const reports = analysed.linked.map((footprint) => contractReport(footprint, analysed));
  return renderReport({ file: name, contracts: reports, open: { view: "conflicts", func: undefined } });
}

const SMALL = `/// Counts & "quotes" <once>.
contract Jar {
  state coins: map<address, u64>;
  state total: u64;
  state keeper: address;

  guard keeping {
    require caller == self.keeper;
  }

  pub fn put(n: u64) {
    self.coins[caller] += n;
    self.total += n;
  }

  pub fn take(n: u64, all: bool) with keeping {
    self.coins[caller] -= n;
    if all {
      self.keeper = caller;
    }
  }

  parallel (a: put, b: put);
}
`;

describe("a page", () => {
  test("of a small contract is as before", () => {
    const page = pageOf(SMALL, "jar.weft");
    const golden = join(ROOT, "test/golden/html/jar.html");
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, page);
    expect(page).toBe(readFileSync(golden, "utf8"));
    expect(pageOf(SMALL, "jar.weft")).toBe(page);
  });

  test("differs between the two commands only in where it opens", () => {
    const [conflicts, footprints] = [pageOf(SMALL, "jar.weft"), pageOf(SMALL, "jar.weft", "footprints")];
    expect(footprints).toBe(conflicts.replace('data-open="conflicts"', 'data-open="footprints"'));
    const reports = reportsOf(SMALL, "jar.weft");
    const opened = renderReport({ file: "jar.weft", contracts: reports, open: { view: "footprints", func: "take" } });
    expect(opened).toBe(footprints.replace('data-open="footprints"', 'data-open="footprints" data-at="Jar.take"'));
  });

  test.each(contracts)("of %s is well-formed, leads nowhere in vain, and is smaller than 300 KB", (name) => {
    const page = corpusPage(name);
    const elements = elementsOf(page);
    const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of elements) {
      const href = attributes.get("href");
      if (href === undefined) continue;
      expect(href).toMatch(/^#/);
      expect(ids.includes(href.slice(1)) || (name === "erc20.weft" && href.startsWith("#view-")), href).toBe(true);
    }
    expect(Buffer.byteLength(page)).toBeLessThan(300_000);
  });

  test("asks for nothing and allows no script but its own", () => {
    const elements = elementsOf(corpusPage("token.weft"));
    for (const { name, attributes } of elements) {
      expect(["link", "img", "iframe", "object", "form", "base"]).not.toContain(name);
      for (const attribute of attributes.keys()) expect(attribute).not.toMatch(/^(on|src|style|action)/);
    }
    const policy = elements.find(({ attributes }) => attributes.has("http-equiv"))?.attributes.get("content") ?? "";
    const scripts = elements.filter(({ name }) => name === "script");
    expect(scripts).toHaveLength(1);
    expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(scripts[0].text).digest("base64")}'`);
    expect(policy).toContain("default-src 'none'");
    expect(scripts[0].text).toBe(SCRIPT);
    expect(elements.find(({ name }) => name === "style")?.text).not.toMatch(/url\(|@import/);
  });

  test("has a language, a title, headings in order and a grid with names", () => {
    const elements = elementsOf(corpusPage("market.weft"));
    expect(elements[0].attributes.get("lang")).toBe("en");
    expect(elements.find(({ name }) => name === "title")?.text).toBe("market.weft: conflicts and footprints");
    const levels = elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
    levels.forEach((level, i) => expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1));
    const grids = elements.filter(({ attributes }) => attributes.get("role") === "grid");
    expect(grids.map(({ attributes }) => attributes.get("aria-label"))).toEqual([
      "Conflict matrix of Market",
      "Conflict matrix of Collectible",
    ]);
    const cells = elements.filter(({ attributes }) => attributes.get("role") === "gridcell");
    expect(cells).toHaveLength((4 * 5) / 2 + (8 * 9) / 2);
    expect(
      elements.filter(
        ({ attributes }) =>
          attributes.get("aria-label") ===
          "buy × withdraw: may meet in another contract: its plan is asked before execution; also add to shared cells",
      ),
    ).toHaveLength(1);
  });

  test("of a file without contracts says so", () => {
    expect(corpusPage("erc20.weft")).toContain("This file declares no contract.");
  });

  test("of an empty contract says so", () => {
    const page = pageOf("contract Jar {}\n");
    elementsOf(page);
    expect(page).toContain("It has no functions to call.");
  });
});

describe("what stands in the source", () => {
  const EVIL = `</script><script>alert(1)</script><!--"' onload=alert(1) &lt; \u200b`;
  const program = `/// ${EVIL}
contract Jar {
  state notes: map<string<200>, u64>;
  error No(text: string<200>);

  /// ${EVIL}
  pub fn put(n: u64) {
    self.notes["</script><img src=x onerror='alert(1)'>"] = n; // ${EVIL}
    require n > 0 else No("<b>&amp;");
  }

  // ${EVIL}
  parallel (a: put, b: put) when /* ${EVIL} */ a.n != b.n;
}
`;
  const path = `x"><script>alert(1)</script>/ja&r'\u202e.weft`;

  test("stays text, whatever it is", () => {
    const page = pageOf(program, path);
    const elements = elementsOf(page);
    expect(elements.filter(({ name }) => name === "script")).toHaveLength(1);
    expect(elements.filter(({ name }) => name === "img")).toEqual([]);
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    expect(page).toContain("⟨U+200B⟩");
    expect(elements.find(({ name }) => name === "title")?.text).toBe("ja&r'⟨U+202E⟩.weft: conflicts and footprints");
    expect(page).toContain("not proved");
  });

  test("is escaped so that decoding gives it back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]/);
        const visible = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");
        const back = decoded(escaped)
          .replace(/⟨U\+[0-9A-F]{4,}⟩/g, "")
          .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");
        expect(back).toBe(visible.replace(/⟨U\+[0-9A-F]{4,}⟩/g, ""));
        expect(breakable(text).html.replaceAll("<wbr>", "")).toBe(escaped);
        expect(markup`<a title="${text}">${[text, text]}</a>`.html).toBe(`<a title="${escaped}">${escaped}${escaped}</a>`);
      }),
    );
  });

  test("may be large: the page is bounded", () => {
    const functions = Array.from({ length: 150 }, (_, i) => `  pub fn f${i}(k: u64) { self.move(k); self.cells[k] = ${i}; }`);
    const long = Array.from({ length: 80 }, (_, i) => `    self.cells[k + ${i}] += 1;`);
    const text = `contract Big {\n  state cells: map<u64, u64>;\n${functions.join("\n")}\n  fn move(k: u64) {\n${long.join("\n")}\n  }\n  // ${"x".repeat(20_000)}\n}\n`;
    const page = pageOf(text);
    expect(elementsOf(page).filter(({ attributes }) => attributes.get("role") === "gridcell")).toHaveLength((128 * 129) / 2);
    expect(page.includes("Not in the matrix, since there are too many functions: <code>f128</code>")).toBe(true);
    expect(page.includes("There is no room here to list the places")).toBe(true);
    expect(page.includes("more rows not shown")).toBe(true);
    // That is true of init alone.
    expect(page.split("Touches no state")).toHaveLength(2);
    expect(Buffer.byteLength(page)).toBeLessThan(12_000_000);
  });
});

describe("colours", () => {
  test.each([
    ["light", LIGHT],
    ["dark", DARK],
  ])("have contrast enough (AA) on a %s screen", (_, palette) => {
    for (const [ink, ground] of pairsOf(palette)) expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test("are judged rightly", () => {
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});

/** Every ink on everything that it is drawn on. */
function pairsOf({ ground, panel, ink, dim, link, tones }: Palette): readonly (readonly [string, string])[] {
  const grounds = [ground, panel];
  return [
    ...grounds.flatMap((each) => [ink, dim, link].map((letters) => [letters, each] as const)),
    ...Object.values(tones).flatMap(
      (tone) => [[tone.ink, tone.tint], [ink, tone.tint], ...grounds.map((each) => [tone.ink, each] as const)] as const,
    ),
    // A small + in a cell of another tone.
    ...[tones.amber, tones.red, tones.purple].map(({ tint }) => [tones.green.ink, tint] as const),
    [dim, tones.amber.tint],
  ];
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.1, relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
