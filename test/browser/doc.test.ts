/** The pages of `weft doc` in a real browser: on a phone and on a desk, in light and dark, on paper. Skipped where there is no Chromium. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DARK, LIGHT } from "../../cli/render/html/palette.ts";
import { findBrowser, openBrowser } from "../helpers/browser.ts";
import type { Page, Screen } from "../helpers/browser.ts";
import { folderWith, ROOT, weft } from "../helpers/cli.ts";

const executable = findBrowser();
if (executable === undefined) console.warn("test/browser is skipped: no Chromium on this machine (apt-get install chromium)");

const PHONE: Screen = { width: 360, height: 740, scheme: "light", phone: true };
const DESK: Screen = { width: 1280, height: 900, scheme: "light", phone: false };
const SHOTS = process.env["WEFT_SHOTS"];

const LONG = "a_name_that_is_longer_than_any_screen_of_a_phone_is_wide";
const HOSTILE = `/// <script>window.ran = true</script> <img src=http://127.0.0.1:9/x.png onerror="window.ran = true"> [x](javascript:window.ran=true)
/// ${"unbroken".repeat(60)}
///
/// | a | b |
/// | --- | --- |
/// | <b>1</b> | ${"wide ".repeat(60)} |
contract ${LONG} {
  state ${LONG}: map<(address, u256, bytes32), map<string<300>, u64>>;
  /// \`</code><script>window.ran = true</script>\`
  pub fn f_${LONG}(p_${LONG}: u64) -> (r_${LONG}: u64, other: u64) {
    return (p_${LONG}, 1);
  }
}
`;

describe.skipIf(executable === undefined)("pages of documentation in a browser", () => {
  const folder = folderWith({ "hostile.weft": HOSTILE });
  const pages = ["index", "Token", "Dao", "Ownable", "types", LONG].map((name) => [name] as const);
  const pathOf = (name: string): string => join(folder, "api", `${name}.html`);
  let page: Page;

  beforeAll(async () => {
    const files = ["examples/token/token.weft", "examples/dao/dao.weft"].map((name) => join(ROOT, name));
    expect(weft(["doc", ...files, "hostile.weft", "--out", "api", "--html"], { cwd: folder }).code).toBe(0);
    page = await openBrowser(executable ?? "");
  }, 120_000);
  afterAll(async () => {
    await page.close();
  });

  test.each(pages)("%s fits a phone and a desk, is quiet, and runs nothing", async (name) => {
    for (const screen of [PHONE, { ...PHONE, scheme: "dark" as const }, DESK, { ...DESK, scheme: "dark" as const }]) {
      await page.show(pathOf(name), screen, "");
      expect(await page.value("document.documentElement.scrollWidth")).toBe(screen.width);
      expect(page.requests()).toEqual([]);
      expect(page.complaints()).toEqual([]);
      expect(await page.value("window.ran === undefined && document.scripts.length === 0 && document.images.length === 0")).toBe(true);
      if (SHOTS === undefined) continue;
      mkdirSync(SHOTS, { recursive: true });
      writeFileSync(join(SHOTS, `doc-${name}-${screen.phone ? "phone" : "desk"}-${screen.scheme}.png`), await page.screenshot());
    }
  });

  test("has the colours of the screen, landmarks, and places that links lead to", async () => {
    await page.show(pathOf("Token"), DESK, "");
    expect(await page.value("getComputedStyle(document.body).backgroundColor")).toBe(rgb(LIGHT.ground));
    await page.show(pathOf("Token"), { ...DESK, scheme: "dark" }, "error-InsufficientBalance");
    expect(await page.value("getComputedStyle(document.body).backgroundColor")).toBe(rgb(DARK.ground));
    expect(await page.value("document.querySelector(':target').textContent.trim().startsWith('InsufficientBalance')")).toBe(true);
    expect(await page.value("document.querySelectorAll('nav[aria-label], main').length")).toBe(2);
    expect(await page.value("document.querySelector('nav [aria-current=page]').textContent")).toBe("Token");
    await page.show(pathOf("Token"), DESK, "");
    await page.press("Tab");
    expect(await page.value("document.activeElement.getAttribute('href')")).toBe("#main");
  });

  test("prints without its list of pages", async () => {
    await page.show(pathOf("Token"), DESK, "");
    const pdf = await page.print();
    if (SHOTS !== undefined) writeFileSync(join(SHOTS, "doc-Token.pdf"), pdf);
    const sheets =
      Buffer.from(pdf)
        .toString("latin1")
        .match(/\/Type\s*\/Page\b/g) ?? [];
    expect(sheets.length).toBeGreaterThan(2);
    expect(sheets.length).toBeLessThan(40);
  });
});

function rgb(colour: string): string {
  return `rgb(${[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)).join(", ")})`;
}
