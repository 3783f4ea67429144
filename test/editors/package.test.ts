/** The package of the extension: made as people get it, and looked into. What the manifest names is there, and nothing that it doesn't need. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildExtension, packExtension } from "../../scripts/vscode.mjs";
import { ROOT } from "../helpers/cli.ts";
import { asObject } from "../helpers/json-schema.ts";

const FOLDER = join(ROOT, "editors/vscode");
const MAX_BYTES = 400_000;

/** The entries of a zip file: name and content. Packages have no comment, no parts and no 64-bit sizes. */
function unzip(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + size);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), method === 0 ? content : inflateRawSync(content));
    at += 46 + name + extra + comment;
  }
  return files;
}

function manifest(): Readonly<Record<string, unknown>> {
  return asObject(JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8")));
}

describe("the package", () => {
  const temporary = mkdtempSync(join(tmpdir(), "weft-vsix-"));
  let size = 0;
  let files: ReadonlyMap<string, Buffer> = new Map();

  beforeAll(async () => {
    await buildExtension();
    const bytes = readFileSync(await packExtension(join(temporary, "weft.vsix")));
    size = bytes.length;
    files = unzip(bytes);
  }, 240_000);
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  test("has these files and no others, and is small", () => {
    expect([...files.keys()].sort()).toEqual([
      "[Content_Types].xml",
      "extension.vsixmanifest",
      "extension/LICENSE.txt",
      "extension/changelog.md",
      "extension/dist/extension.cjs",
      "extension/dist/panel.css",
      "extension/dist/panel.js",
      "extension/dist/third-party-licences.txt",
      "extension/icons/weft-file.svg",
      "extension/icons/weft-view.svg",
      "extension/icons/weft.png",
      "extension/language-configuration.json",
      "extension/package.json",
      "extension/readme.md",
      "extension/snippets/weft.json",
      "extension/syntaxes/weft.markdown.tmLanguage.json",
      "extension/syntaxes/weft.tmLanguage.json",
    ]);
    expect(size).toBeLessThan(MAX_BYTES);
  });

  test("tells nothing of the machine it was made on, and has no source maps", () => {
    for (const [name, content] of files) {
      const text = content.toString("latin1");
      expect([name, text.includes(ROOT), /sourceMappingURL|\.ts\b.*sourcesContent/.test(text)]).toEqual([name, false, false]);
    }
  });

  test("asks for nothing but the editor and Node, and talks to no one", () => {
    const code = String(files.get("extension/dist/extension.cjs"));
    const asked = new Set([...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]));
    const allowed = ["vscode", "assert", "child_process", "crypto", "fs", "net", "os", "path", "readline", "url", "util"];
    expect(
      [...asked].map((name) => name.replace(/^node:/, "").replace(/\/promises$/, "")).filter((name) => !allowed.includes(name)),
    ).toEqual([]);
    expect(code).not.toMatch(/applicationinsights|telemetryReporter|createTelemetryLogger/i);
    expect(String(files.get("extension/dist/panel.js"))).not.toMatch(/https?:|fetch\(|XMLHttpRequest|WebSocket/);
  });

  test("has the licences of what is bundled", () => {
    const licences = String(files.get("extension/dist/third-party-licences.txt"));
    for (const name of ["vscode-languageclient", "vscode-jsonrpc", "vscode-languageserver-protocol", "semver", "minimatch"])
      expect(licences).toContain(name);
    expect(readFileSync(join(FOLDER, "LICENSE"), "utf8")).toBe(readFileSync(join(ROOT, "LICENSE"), "utf8"));
  });
});

describe("the manifest", () => {
  const contributes = asObject(manifest()["contributes"]);
  const settings = asObject(asObject(contributes["configuration"])["properties"]);

  test("names files that are there", () => {
    const text = JSON.stringify(manifest());
    const named = [...text.matchAll(/"(?:path|configuration|icon|light|dark)":"(?:\.\/)?([^"$]+)"/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((path) => !existsSync(join(FOLDER, path)))).toEqual([]);
  });

  test("has the version of the project, and an editor that the types and the client fit", () => {
    const root = asObject(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
    expect(manifest()["version"]).toBe(root["version"]);
    const engine = String(asObject(manifest()["engines"])["vscode"]);
    expect(engine).toBe(`^${String(asObject(root["devDependencies"])["@types/vscode"])}`);
    const client = asObject(JSON.parse(readFileSync(join(ROOT, "node_modules/vscode-languageclient/package.json"), "utf8")));
    expect(engine).toBe(asObject(client["engines"])["vscode"]);
  });

  test("declares the commands that the code registers, and the other way round", () => {
    const code = readFileSync(join(FOLDER, "src/extension.ts"), "utf8");
    const registered = [...code.matchAll(/registerCommand\("([^"]+)"/g)].map((match) => match[1]);
    const declared = (Array.isArray(contributes["commands"]) ? contributes["commands"] : []).map((one) => String(asObject(one)["command"]));
    expect(registered.sort()).toEqual(declared.sort());
  });

  test("has settings with words and defaults, all of them in the page and in the README", () => {
    const pages = ["editors/vscode/README.md", "docs/editor-vscode.md"].map((path) => readFileSync(join(ROOT, path), "utf8"));
    expect(Object.keys(settings).length).toBeGreaterThan(8);
    for (const [name, value] of Object.entries(settings)) {
      const setting = asObject(value);
      expect(setting).toHaveProperty("default");
      expect(String(setting["description"] ?? setting["markdownDescription"]).length).toBeGreaterThan(10);
      for (const page of pages) expect(page).toContain(`\`${name}\``);
    }
  });

  test("lets a folder that isn't trusted name no program", () => {
    const trust = asObject(asObject(manifest()["capabilities"])["untrustedWorkspaces"]);
    expect(trust["supported"]).toBe("limited");
    expect(trust["restrictedConfigurations"]).toEqual(["weft.server.path", "weft.server.arguments"]);
  });
});
