/** The licences of the packages whose code is in the bundles: their terms ask that the texts go along. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\bnode_modules\/)/;

/** `inputs`: paths of bundled source files, relative to `root`. */
export function noticesOf(inputs, root) {
  const folders = new Map();
  for (const input of inputs) {
    const found = PACKAGE.exec(input);
    if (found !== null) folders.set(found[1], join(root, input.slice(0, found.index + found[0].length)));
  }
  const parts = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, folder]) => noticeOf(name, folder));
  return `The bundles in this folder contain code of these packages.\n\n${parts.join("\n")}`;
}

function noticeOf(name, folder) {
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  // A package of a larger project may leave the text to that.
  const text =
    file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}
