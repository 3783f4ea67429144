/**
 * The page of `weft conflicts --html` in a real browser: on a phone and on a desk, in light and dark, by mouse and by keys, without JavaScript, on paper.
 * Needs Chromium (Debian: `apt-get install chromium`; WEFT_BROWSER names another); where there is none, these tests are skipped and say so.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DARK, LIGHT } from "../../cli/render/html/palette.ts";
import { findBrowser, openBrowser } from "../helpers/browser.ts";
import type { Page, Screen } from "../helpers/browser.ts";
import { folderWith, weft } from "../helpers/cli.ts";

const executable = findBrowser();
if (executable === undefined) console.warn("test/browser is skipped: no Chromium on this machine (apt-get install chromium)");

const PHONE: Screen = { width: 360, height: 740, scheme: "light", phone: true };
const DESK: Screen = { width: 1280, height: 900, scheme: "light", phone: false };
const CONTRACTS = ["token", "dao", "amm", "market", "desk", "nft"];
/** `WEFT_SHOTS=folder` keeps what the browser shows. */
const SHOTS = process.env["WEFT_SHOTS"];

const ODD = `contract A_contract_with_a_name_that_is_longer_than_any_screen_of_a_phone_is_wide {
  state cells: map<string<300>, u64>;
  pub fn a_function_with_a_name_that_is_longer_than_any_screen_of_a_phone_is_wide(parameter_of_a_long_name: u64) {
    self.cells["${"x</script><img src=http://example.com/x.png>".repeat(5)}"] = parameter_of_a_long_name; // ${"y".repeat(300)}
  }
${Array.from({ length: 40 }, (_, i) => `  pub fn f${i}(k: u64) { self.cells["k"] = k; }`).join("\n")}
}
`;

describe.skipIf(executable === undefined)("the page in a browser", () => {
  const folder = folderWith({ "odd.weft": ODD });
  const pathOf = (name: string): string => join(folder, `${name}.html`);
  let page: Page;

  beforeAll(async () => {
    for (const name of CONTRACTS) writeFileSync(pathOf(name), weft(["conflicts", `test/corpus/contracts/${name}.weft`, "--html"]).out);
    writeFileSync(pathOf("footprint"), weft(["footprint", "test/corpus/contracts/token.weft", "Token.airdrop", "--html"]).out);
    writeFileSync(pathOf("odd"), weft(["conflicts", "odd.weft", "--html"], { cwd: folder }).out);
    page = await openBrowser(executable ?? "");
  });
  afterAll(async () => {
    await page.close();
  });

  async function shoot(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    writeFileSync(join(SHOTS, `${name}.png`), await page.screenshot());
  }

  async function quiet(): Promise<void> {
    expect(page.complaints()).toEqual([]);
    expect(page.requests()).toEqual([]);
    expect(await page.value("performance.getEntriesByType('resource').length")).toBe(0);
  }

  const chosen = (): Promise<unknown> => page.value("document.querySelector('.pair.chosen .pair-name').textContent");
  const visible = (selector: string): Promise<unknown> =>
    page.value(`[...document.querySelectorAll(${JSON.stringify(selector)})].filter((each) => each.checkVisibility()).length`);

  describe.each([...CONTRACTS, "odd"])("of %s", (name) => {
    test.each(["view-conflicts", "view-footprints"])("fits a phone: %s", async (view) => {
      for (const scheme of ["light", "dark"] as const) {
        await page.show(pathOf(name), { ...PHONE, scheme }, view);
        expect(await page.value("document.documentElement.scrollWidth")).toBe(360);
        // Also not a little wider in an element that hides it.
        expect(await page.value("document.body.scrollWidth")).toBe(360);
        await shoot(`${name}-phone-${scheme}-${view}`);
        await quiet();
      }
    });

    test("is quiet on a desk", async () => {
      for (const scheme of ["light", "dark"] as const) {
        await page.show(pathOf(name), { ...DESK, scheme }, "");
        expect(await page.value("document.documentElement.scrollWidth")).toBe(1280);
        await shoot(`${name}-desk-${scheme}-conflicts`);
        await page.click("nav [data-view=footprints]");
        await expect.poll(() => page.value("document.documentElement.dataset.view")).toBe("footprints");
        await shoot(`${name}-desk-${scheme}-footprints`);
        await quiet();
      }
    });
  });

  test("what it asks for and complains about would be seen", async () => {
    writeFileSync(pathOf("noisy"), '<!doctype html><img src="http://127.0.0.1:9/x.png"><script>console.error("no"); nothing()</script>');
    await page.show(pathOf("noisy"), DESK, "");
    expect(page.requests()).toEqual(["http://127.0.0.1:9/x.png"]);
    expect(page.complaints().length).toBeGreaterThan(1);
    // A script that isn't the page's own doesn't run.
    await page.show(pathOf("token"), DESK, "");
    await page.value("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))");
    expect(await page.value("window.ran === undefined")).toBe(true);
    expect(page.complaints().join()).toContain("Content Security Policy");
  });

  test.each([PHONE, DESK])("a click on a cell shows the condition and both places (%j)", async (screen) => {
    await page.show(pathOf("token"), screen, "");
    expect(await chosen()).toBe("transferOwnership × transferOwnership");
    await page.click('.matrix a[href="#Token.approve-transferFrom"]');
    expect(await chosen()).toBe("approve × transferFrom");
    expect(await visible(".pair")).toBe(1);
    expect(await page.value("document.querySelector('.pair.chosen .condition').innerText.trim()")).toBe(
      "a.caller == b.from ∧ a.spender == b.caller",
    );
    const places = await page.value(
      "[...document.querySelectorAll('.pair.chosen .side')].map((side) => side.innerText.replace(/\\s+/g, ' ').trim())",
    );
    expect(places).toEqual([
      "W allowances[a.caller][a.spender] self.allowances[caller][spender] = value; a approve · token.weft:58",
      "Δ allowances[b.from][b.caller] self.allowances[from][caller] -= value else InsufficientAllowance(caller, value); b transferFrom · token.weft:64",
    ]);
    const side = await page.value("[...document.querySelectorAll('.pair.chosen .side')].map((side) => side.getBoundingClientRect().top)");
    const [left, right] = Array.isArray(side) ? side.map(Number) : [];
    if (screen.phone) expect(right).toBeGreaterThan(left);
    else expect(right).toBe(left);
    expect(await page.value("document.querySelector('[aria-selected=true] a').getAttribute('href')")).toBe("#Token.approve-transferFrom");
    // What was chosen can be seen without a search.
    expect(await page.value("document.querySelector('.pair.chosen').getBoundingClientRect().top < innerHeight")).toBe(true);
    await quiet();
  });

  test("pairs that never wait say so, and all pairs can be shown at once", async () => {
    await page.show(pathOf("token"), DESK, "");
    await page.click('.matrix a[href="#Token.transfer-approve"]');
    expect(await page.value("document.querySelector('.pair.chosen').innerText")).toContain("never wait for each other");
    expect(await visible(".pair")).toBe(1);
    await page.click(".all-pairs");
    expect(await visible(".pair")).toBe(45);
    await page.click(".all-pairs");
    expect(await visible(".pair")).toBe(1);
  });

  test("the grid works by keys", async () => {
    await page.show(pathOf("token"), DESK, "");
    const focused = (): Promise<unknown> => page.value("document.activeElement.getAttribute('href')");
    expect(await page.value("document.querySelectorAll('.matrix a[tabindex=\"0\"]').length")).toBe(1);
    // The grid is one stop of the tabulator key.
    const stops: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      await page.press("Tab");
      stops.push(await focused());
    }
    expect(stops).toEqual(["#view-main", "#view-conflicts", "#view-footprints", "#Token.transferOwnership-transferOwnership", null]);
    await page.value("document.querySelector('.matrix a[tabindex=\"0\"]').focus()");
    await page.press("ArrowUp");
    expect(await focused()).toBe("#Token.transferOwnership-transferOwnership");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight"]) await page.press(key);
    expect(await focused()).toBe("#Token.approve-approve");
    await page.press("ArrowRight");
    expect(await focused()).toBe("#Token.approve-approve");
    await page.press("Enter");
    expect(await chosen()).toBe("approve × approve");
    expect(await page.value("document.querySelector('[role=status]').textContent")).toBe(
      "approve × approve: wait when the condition holds: a.caller == b.caller ∧ a.spender == b.spender",
    );
    await page.press("Home");
    expect(await focused()).toBe("#Token.transferOwnership-approve");
    await page.press("End");
    await page.press("ArrowLeft");
    await page.press(" ");
    expect(await chosen()).toBe("transfer × approve");
    await page.press("Home");
    await page.press("ArrowLeft");
    expect(await focused()).toBe("#Token.approve");
    await page.press(" ");
    await expect.poll(() => page.value("document.documentElement.dataset.view")).toBe("footprints");
    await quiet();
  });

  test("light and dark screens have their colours, and the marks their letters", async () => {
    const colours = (): Promise<unknown> =>
      page.value(`[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
        getComputedStyle(document.querySelector('td.red a')).backgroundColor]`);
    await page.show(pathOf("token"), DESK, "");
    expect(await colours()).toEqual([LIGHT.ground, LIGHT.ink, LIGHT.tones.red.tint].map(rgb));
    await page.show(pathOf("token"), { ...DESK, scheme: "dark" }, "");
    expect(await colours()).toEqual([DARK.ground, DARK.ink, DARK.tones.red.tint].map(rgb));
    await page.show(pathOf("token"), DESK, "view-footprints");
    expect(await page.value("getComputedStyle(document.querySelector('mark'), '::before').content")).toMatch(/^(attr\(data-mode\)|"R")$/);
  });

  test("opens at what was asked for, and follows addresses", async () => {
    await page.show(pathOf("footprint"), PHONE, "");
    expect(await page.value("document.documentElement.dataset.view")).toBe("footprints");
    const top = (id: string): Promise<unknown> => page.value(`document.getElementById(${JSON.stringify(id)}).getBoundingClientRect().top`);
    expect(Number(await top("Token.airdrop"))).toBeLessThan(200);
    await page.show(pathOf("token"), PHONE, "Token.burn-balanceOf");
    expect(await chosen()).toBe("burn × balanceOf");
    await page.click(".pair.chosen a.place");
    await expect.poll(() => page.value("document.documentElement.dataset.view")).toBe("footprints");
    expect(await page.value("document.querySelector(':target .number').textContent")).toBe("70");
    await page.value("history.back()");
    await expect.poll(() => page.value("document.documentElement.dataset.view")).toBe("conflicts");
    expect(await chosen()).toBe("burn × balanceOf");
    await page.show(pathOf("token"), PHONE, "%E0%A4%A");
    await page.show(pathOf("token"), PHONE, "Token.nothing-there");
    expect(await chosen()).toBe("transferOwnership × transferOwnership");
    await quiet();
  });

  test("the matrix scrolls in its own box, its headers stay", async () => {
    await page.show(pathOf("odd"), PHONE, "");
    await page.value("document.querySelector('.scroll').scrollTo(500, 500)");
    const where = await page.value(`(() => {
      const box = document.querySelector('.scroll').getBoundingClientRect();
      const [row, column] = ['tbody tr:last-child th', 'thead th:last-child'].map((each) => document.querySelector('.matrix ' + each).getBoundingClientRect());
      return [Math.round(row.left - box.left), Math.round(column.top - box.top), document.querySelector('.scroll').scrollLeft > 0];
    })()`);
    expect(where).toEqual([1, 1, true]);
    expect(await page.value("document.documentElement.scrollWidth")).toBe(360);
  });

  test("without JavaScript everything is there", async () => {
    await page.scripting(false);
    try {
      await page.show(pathOf("token"), PHONE, "");
      await shoot("token-phone-light-without-script");
      expect(await visible(".pair")).toBe(45);
      expect(await visible(".function")).toBe(10);
      expect(await page.value("document.documentElement.scrollWidth")).toBe(360);
      // A link opens what it leads into.
      await page.show(pathOf("token"), PHONE, "Token.burn-balanceOf");
      expect(await visible(".pair-body")).toBe(1);
      expect(await page.value("document.querySelector('details[open] .pair-name').textContent")).toBe("burn × balanceOf");
    } finally {
      await page.scripting(true);
    }
  });

  test("prints all of it", async () => {
    await page.show(pathOf("dao"), DESK, "");
    const pdf = await page.print();
    if (SHOTS !== undefined) writeFileSync(join(SHOTS, "dao.pdf"), pdf);
    const pages =
      Buffer.from(pdf)
        .toString("latin1")
        .match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.length).toBeLessThan(25);
  });
});

function rgb(colour: string): string {
  return `rgb(${[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)).join(", ")})`;
}
