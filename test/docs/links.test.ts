/** Links between pages lead somewhere, anchors included. Addresses on the web are not followed. */
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { allPages } from "./pages.ts";

const pages = new Map(allPages().map((page) => [page.path, page]));

test.each([...pages.values()])("links of $path", ({ path, prose }) => {
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]).filter((target) => !/^[a-z]+:/.test(target));
  expect(targets.filter((target) => !leadsSomewhere(path, target))).toEqual([]);
});

function leadsSomewhere(from: string, target: string): boolean {
  const [file, anchor] = target.split("#", 2);
  const path = file === "" ? from : normalize(join(dirname(from), file));
  if (path.startsWith("..") || !existsSync(join(ROOT, path))) return false;
  return anchor === undefined || (pages.get(path)?.anchors.has(anchor) ?? false);
}

test("the README leads to every page of docs", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    for (const match of pages.get(path)?.prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g) ?? []) {
      const next = normalize(join(dirname(path), match[1]));
      if (pages.has(next)) reached.add(next);
    }
  }
  expect([...pages.keys()].filter((path) => path.startsWith("docs/") && !reached.has(path))).toEqual([]);
});
