/** `--html` of `weft footprint` and `weft conflicts` as a process: where the page goes, what isn't allowed, what is never overwritten. */
import { existsSync, lstatSync, readFileSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, weft } from "../helpers/cli.ts";
import { elementsOf } from "../helpers/report.ts";

const JAR = `contract Jar {
  state coins: map<address, u64>;

  pub fn put(n: u64) {
    self.coins[caller] += n;
  }
}

contract Box {
  state n: u64;

  // weft-allow W1001: one after another is meant
  pub fn set(n: u64) {
    self.n = n;
  }
}
`;
const CLAIM = `contract Votes {
  state yes: map<u64, bool>;

  pub fn vote(id: u64) {
    self.yes[id] = true;
  }

  parallel (a: vote, b: vote);
}
`;

const folder = (): string => folderWith({ "jar.weft": JAR, "claim.weft": CLAIM, "broken.weft": "contract {" });

function titles(page: string): readonly string[] {
  return elementsOf(page).flatMap(({ name, text }) => (name === "h2" ? [text] : []));
}

describe("--html", () => {
  const cwd = folder();

  test("prints one page, of all contracts or of the one that is named", () => {
    const all = weft(["conflicts", "jar.weft", "--html"], { cwd });
    expect(all.code).toBe(0);
    expect(all.out).toMatch(/^<!doctype html>\n<html lang="en" data-open="conflicts">/);
    expect(titles(all.out)).toEqual(["Jar", "Box"]);
    expect(titles(weft(["conflicts", "jar.weft", "Box", "--html"], { cwd }).out)).toEqual(["Box"]);
    expect(weft(["conflicts", "jar.weft", "--html"], { cwd }).out).toBe(all.out);
  });

  test("of weft footprint is the same page, opened elsewhere", () => {
    const [conflicts, footprint] = ["conflicts", "footprint"].map((command) => weft([command, "jar.weft", "--html"], { cwd }).out);
    expect(footprint).toBe(conflicts.replace('data-open="conflicts"', 'data-open="footprints"'));
    expect(weft(["footprint", "jar.weft", "Jar.put", "--html"], { cwd }).out).toMatch(/data-open="footprints" data-at="Jar\.put"/);
  });

  test("shows an assertion that isn't proved, and still says so on the error stream and by the exit code", () => {
    const { code, out, err } = weft(["conflicts", "claim.weft", "--html"], { cwd });
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[E0501\]/);
    expect(out).toContain("✗ not proved");
    expect(out.includes("<b>Help:</b> also needs <code>a.id != b.id</code>")).toBe(true);
  });

  test.each([
    [["conflicts", "broken.weft", "--html"], 1, /^error\[E01/],
    [["conflicts", "missing.weft", "--html"], 2, /^error\[E0801\]/],
    [["conflicts", "jar.weft", "Jug", "--html"], 2, /^error\[E0815\].*`Jug`/],
    [["footprint", "jar.weft", "Jar.get", "--html"], 2, /^error\[E0815\].*`get`/],
  ])("%j prints no page", (args, code, message) => {
    const found = weft(args, { cwd });
    expect(found).toMatchObject({ code, out: "" });
    expect(found.err).toMatch(message);
  });

  test.each([
    [["conflicts", "jar.weft", "--html", "--json"], "`--html` cannot be used with option `--json`"],
    [["footprint", "jar.weft", "--json", "--html"], "`--html` cannot be used with option `--json`"],
    [["--json", "footprint", "jar.weft", "--html"], "`--html` cannot be used with option `--json`"],
    [["conflicts", "jar.weft", "--html", "--format", "sarif"], "`--html` cannot be used with option `--format`"],
    [["conflicts", "jar.weft", "-o", "page.html"], "needs option `--html`"],
    [["conflicts", "jar.weft", "--html", "-o", " "], "must name a file"],
  ])("%j is wrong usage", (args, message) => {
    const { code, out, err } = weft(args, { cwd });
    expect(code).toBe(2);
    const text = args.includes("--json") || args.includes("sarif") ? out : err;
    expect(text).toContain("E0810");
    expect(text).toContain(message);
    expect(readdirSync(cwd).filter((name) => !name.endsWith(".weft"))).toEqual([]);
  });

  test("is in the help of both commands", () => {
    for (const command of ["conflicts", "footprint"]) {
      expect(weft([command, "--help"]).out).toMatch(/--html .*\n.*[\s\S]*-o, --output <file>/);
    }
  });
});

describe("--output", () => {
  test("writes the page to a file, in a folder that may be new, and says so", () => {
    const cwd = folder();
    const printed = weft(["conflicts", "jar.weft", "--html"], { cwd }).out;
    const written = weft(["conflicts", "jar.weft", "--html", "-o", "new folder/a page.html"], { cwd });
    expect(written).toMatchObject({ code: 0, out: "", err: "wrote new folder/a page.html\n" });
    expect(readFileSync(join(cwd, "new folder/a page.html"), "utf8")).toBe(printed);
    expect(readdirSync(join(cwd, "new folder"))).toEqual(["a page.html"]);
    expect(weft(["conflicts", "jar.weft", "--html", "--output=new folder/a page.html", "-q"], { cwd })).toMatchObject({ code: 0, err: "" });
  });

  test("never replaces a source, a folder or a device", () => {
    const cwd = folder();
    for (const [path, reason] of [
      ["jar.weft", "it is a source of this program"],
      ["./jar.weft", "it is a source of this program"],
      [".", "EISDIR"],
      ["/dev/null", "it isn't a plain file"],
      ["jar.weft/page.html", "it is a file, not a folder"],
    ]) {
      const { code, err, out } = weft(["conflicts", "jar.weft", "--html", "-o", path], { cwd });
      expect({ path, code, out }).toEqual({ path, code: 2, out: "" });
      expect(err).toMatch(/^error\[E0814\]/);
      expect(err).toContain(reason);
    }
    expect(readFileSync(join(cwd, "jar.weft"), "utf8")).toBe(JAR);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(readdirSync(cwd).sort()).toEqual(["broken.weft", "claim.weft", "jar.weft"]);
  });

  test("follows a link, also to a source", () => {
    const cwd = folder();
    symlinkSync("real.html", join(cwd, "link.html"));
    symlinkSync("jar.weft", join(cwd, "source.html"));
    expect(weft(["conflicts", "jar.weft", "--html", "-o", "source.html"], { cwd }).err).toContain("it is a source of this program");
    expect(readFileSync(join(cwd, "jar.weft"), "utf8")).toBe(JAR);
    weft(["conflicts", "jar.weft", "--html", "-o", "real.html"], { cwd });
    weft(["conflicts", "jar.weft", "Box", "--html", "-o", "link.html"], { cwd });
    expect(lstatSync(join(cwd, "link.html")).isSymbolicLink()).toBe(true);
    expect(titles(readFileSync(join(cwd, "real.html"), "utf8"))).toEqual(["Box"]);
  });

  test("writes nothing when the program can't be analysed, and the page when only an assertion fails", () => {
    const cwd = folder();
    expect(weft(["conflicts", "broken.weft", "--html", "-o", "page.html"], { cwd }).code).toBe(1);
    expect(existsSync(join(cwd, "page.html"))).toBe(false);
    expect(weft(["conflicts", "claim.weft", "--html", "-o", "page.html"], { cwd }).code).toBe(1);
    expect(existsSync(join(cwd, "page.html"))).toBe(true);
  });
});

test("without --html nothing has changed", () => {
  const cwd = folder();
  expect(jsonOf(weft(["conflicts", "jar.weft", "--json"], { cwd }))).toMatchObject({ ok: true, file: "jar.weft" });
});
