/** Which `weft` the extension starts: on machines that are made of nothing but lists of files. */
import { describe, expect, test } from "vitest";
import { findProgram } from "../../editors/vscode/src/server/find.ts";
import type { Machine, Search, Wanted } from "../../editors/vscode/src/server/find.ts";

const PACKAGE = JSON.stringify({ name: "weft", bin: { weft: "dist/weft.js" } });

interface Setting {
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
  readonly platform: string;
  readonly wanted: Wanted;
  readonly links: Readonly<Record<string, string>>;
}

function find({ files = {}, path = "/usr/bin", platform = "linux", wanted, links = {} }: Partial<Setting>): Search {
  const known = new Map(Object.entries(files));
  const disk = {
    isFile: (file: string) => known.has(file),
    read: (file: string) => known.get(file),
    real: (file: string) => links[file] ?? file,
  };
  const machine: Machine = { disk, platform, home: platform === "win32" ? "C:\\Users\\ada" : "/home/ada", path, ownNode: "/opt/code/code" };
  return findProgram(wanted ?? { path: "", folders: ["/srv/app"] }, machine);
}

function commandOf(search: Search): readonly string[] {
  if (search.kind !== "found") throw new Error(`not found: ${search.looked.join(", ")}`);
  return [search.program.command, ...search.program.args];
}

const NODE = { "/usr/bin/node": "" };
const INSTALLED = { "/srv/app/node_modules/weft/package.json": PACKAGE, "/srv/app/node_modules/weft/dist/weft.js": "" };

describe("the setting", () => {
  test("comes first, and may be a script or a program", () => {
    const files = { ...NODE, ...INSTALLED, "/opt/weft.js": "", "/opt/weft": "" };
    expect(commandOf(find({ files, wanted: { path: "/opt/weft.js", folders: ["/srv/app"] } }))).toEqual(["/usr/bin/node", "/opt/weft.js"]);
    expect(commandOf(find({ files, wanted: { path: " /opt/weft ", folders: [] } }))).toEqual(["/opt/weft"]);
  });

  test("is relative to the first folder, or to the home folder", () => {
    const files = { "/srv/app/tools/weft": "", "/home/ada/bin/weft": "" };
    expect(commandOf(find({ files, wanted: { path: "tools/weft", folders: ["/srv/app", "/srv/b"] } }))).toEqual(["/srv/app/tools/weft"]);
    expect(commandOf(find({ files, wanted: { path: "~/bin/weft", folders: ["/srv/app"] } }))).toEqual(["/home/ada/bin/weft"]);
  });

  test("is not replaced by another one when it leads nowhere", () => {
    const search = find({ files: { ...NODE, ...INSTALLED }, wanted: { path: "/gone/weft", folders: ["/srv/app"] } });
    expect(search).toEqual({ kind: "missing", looked: ["/gone/weft"] });
  });
});

describe("the workspace", () => {
  test("has it in its node_modules, or in those of a folder above", () => {
    expect(commandOf(find({ files: { ...NODE, ...INSTALLED } }))).toEqual(["/usr/bin/node", "/srv/app/node_modules/weft/dist/weft.js"]);
    const wanted = { path: "", folders: ["/srv/app/packages/coin"] };
    expect(commandOf(find({ files: { ...NODE, ...INSTALLED }, wanted }))[1]).toBe("/srv/app/node_modules/weft/dist/weft.js");
  });

  test("may be the project of Weft itself", () => {
    const files = { ...NODE, "/srv/app/package.json": PACKAGE, "/srv/app/dist/weft.js": "" };
    expect(commandOf(find({ files }))[1]).toBe("/srv/app/dist/weft.js");
  });

  test("is asked folder by folder", () => {
    const files = { ...NODE, "/srv/b/node_modules/weft/package.json": PACKAGE, "/srv/b/node_modules/weft/dist/weft.js": "" };
    expect(commandOf(find({ files, wanted: { path: "", folders: ["/srv/a", "/srv/b"] } }))[1]).toBe(
      "/srv/b/node_modules/weft/dist/weft.js",
    );
  });

  test.each([
    ["a file outside of its folder", JSON.stringify({ name: "weft", bin: { weft: "../../../evil.js" } })],
    ["an absolute file", JSON.stringify({ name: "weft", bin: "/evil.js" })],
    ["no command", JSON.stringify({ name: "weft" })],
    ["a number", JSON.stringify({ name: "weft", bin: 7 })],
    ["another name", JSON.stringify({ name: "weave", bin: { weft: "dist/weft.js" } })],
    ["broken JSON", "{"],
    ["a list", "[]"],
  ])("a package that names %s is none", (_, manifest) => {
    const files = { ...NODE, ...INSTALLED, "/srv/app/node_modules/weft/package.json": manifest, "/evil.js": "", "/srv/evil.js": "" };
    expect(find({ files })).toEqual({ kind: "missing", looked: ["/srv/app/node_modules/weft", "PATH"] });
  });
});

describe("PATH", () => {
  test("is asked last, without its relative folders", () => {
    const files = { "/usr/local/bin/weft": "", "bin/weft": "", "./weft": "" };
    expect(commandOf(find({ files, path: "bin:.::/usr/local/bin" }))).toEqual(["/usr/local/bin/weft"]);
    expect(find({ files: { "bin/weft": "" }, path: "bin" }).kind).toBe("missing");
  });

  test("of Windows leads to the script that the batch file starts", () => {
    const npm = "C:\\Users\\ada\\AppData\\Roaming\\npm";
    const files = {
      "C:\\node\\node.exe": "",
      [`${npm}\\weft.cmd`]: "",
      [`${npm}\\node_modules\\weft\\package.json`]: PACKAGE,
      [`${npm}\\node_modules\\weft\\dist\\weft.js`]: "",
    };
    const search = find({ files, platform: "win32", path: `C:\\node;${npm}`, wanted: { path: "", folders: ["C:\\srv"] } });
    expect(commandOf(search)).toEqual(["C:\\node\\node.exe", `${npm}\\node_modules\\weft\\dist\\weft.js`]);
  });
});

describe("what npm leaves beside a package", () => {
  const script = "C:\\srv\\app\\node_modules\\weft\\dist\\weft.js";
  const files = {
    "C:\\node\\node.exe": "",
    "C:\\srv\\app\\node_modules\\.bin\\weft": "",
    "C:\\srv\\app\\node_modules\\.bin\\weft.cmd": "",
    "C:\\srv\\app\\node_modules\\weft\\package.json": PACKAGE,
    [script]: "",
    "C:\\tools\\weft.cmd": "",
    "C:\\tools\\weft.exe": "",
  };
  const named = (path: string): Search => find({ files, platform: "win32", path: "C:\\node", wanted: { path, folders: ["C:\\srv\\app"] } });

  test.each(["weft.cmd", "weft"])("on Windows is a file for shells: the setting may name %s, and its script is run", (name) => {
    expect(commandOf(named(`node_modules\\.bin\\${name}`))).toEqual(["C:\\node\\node.exe", script]);
    expect(commandOf(named(`C:/srv/app/node_modules/.bin/${name}`))).toEqual(["C:\\node\\node.exe", script]);
  });

  test("on Windows without a script beside it can't be run; a program can", () => {
    expect(named("C:\\tools\\weft.cmd").kind).toBe("missing");
    expect(commandOf(named("C:\\tools\\weft.exe"))).toEqual(["C:\\tools\\weft.exe"]);
  });

  test("elsewhere is a link: where there is no Node on PATH, the editor's own runs what it leads to", () => {
    const link = "/srv/app/node_modules/.bin/weft";
    const setting = { files: { ...INSTALLED, [link]: "" }, links: { [link]: "/srv/app/node_modules/weft/dist/weft.js" }, path: "" };
    const search = find({ ...setting, wanted: { path: "node_modules/.bin/weft", folders: ["/srv/app"] } });
    expect(commandOf(search)).toEqual(["/opt/code/code", "/srv/app/node_modules/weft/dist/weft.js"]);
  });
});

test("where there is no Node on PATH, the editor's own runs the script", () => {
  const search = find({ files: INSTALLED });
  expect(commandOf(search)[0]).toBe("/opt/code/code");
  expect(search.kind === "found" && search.program.env).toEqual({ ELECTRON_RUN_AS_NODE: "1" });
});
