/**
 * The settings of docs/editor.md in a real Neovim without a window, with the built server, and the colours of editors/vim. Skipped, with a message, where
 * there is none; `WEFT_NVIM` names another one.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { asObject } from "../helpers/json-schema.ts";

const NVIM = process.env["WEFT_NVIM"] ?? "nvim";
const version = /^NVIM v0\.(\d+)/m.exec(spawnSync(NVIM, ["--version"], { encoding: "utf8" }).stdout)?.[1];
if (version === undefined) console.warn("the settings for Neovim aren't tried: there is none on this machine");

interface Settings {
  readonly server: string;
  /** With `npx`. */
  readonly ofProject: string;
  readonly formatting: string;
}

/** The settings of the page: the newest first. */
function settingsFor(minor: number): Settings {
  const page = readFileSync(join(ROOT, "docs/editor.md"), "utf8");
  const fences = [...page.matchAll(/```lua\n([^]*?)```/g)].map((match) => match[1]);
  expect(fences.length).toBe(6);
  const [newest, middle, oldest, ofProject, formatting, formattingOld] = fences;
  if (minor >= 8) return { server: minor >= 11 ? newest : middle, ofProject, formatting };
  const instead = /`(cmd = [^`]*cmd_cwd[^`]*)`/.exec(page)?.[1] ?? "";
  expect(instead).toContain("npx");
  const replaced = oldest.replace(/cmd = [{].*[}],/, () => instead);
  expect(replaced).not.toBe(oldest);
  return { server: oldest, ofProject: replaced, formatting: formattingOld };
}

/** Says as JSON what the server gave. Old and new Neovims have other names for some things. */
const DRIVER = `
local said = {}
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.WEFT_FILE))
local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
local ready = function() local all = clients() return #all > 0 and all[1].initialized ~= false and all[1].server_capabilities ~= nil end
vim.wait(30000, ready, 50)
vim.wait(500, function() return false end)
local client = clients()[1]
local lines = function() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local at
for number, line in ipairs(lines()) do
  local column = line:find("self.balances", 1, true)
  if column and not at then at = { number, column + 5 } end
end
vim.api.nvim_win_set_cursor(0, at)
local encoding = client.offset_encoding
local ask = function(method, params)
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 30000) or {}) do return answer.result end
end
local here = vim.lsp.util.make_position_params(0, encoding)
said.hover = ask("textDocument/hover", here).contents.value
local completion = ask("textDocument/completion", here)
said.completion = {}
for _, item in ipairs(completion.items or completion) do table.insert(said.completion, item.label) end
vim.api.nvim_buf_set_lines(0, at[1], at[1], false, { "    let a = nope;" })
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50)
said.code = tostring(vim.diagnostic.get(0)[1].code)
vim.api.nvim_buf_set_lines(0, at[1], at[1] + 1, false, {})
vim.lsp.buf.rename("purses")
local renamed = function() local count = 0 for _, line in ipairs(lines()) do if line:find("purses", 1, true) then count = count + 1 end end return count end
vim.wait(30000, function() return renamed() > 0 end, 50)
said.renamed = renamed()
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "const    A:u8=3;", "" })
if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 30000 }) else vim.lsp.buf.formatting_sync(nil, 30000) end
said.formatted = lines()[1]
io.stdout:write("\\n" .. vim.fn.json_encode(said) .. "\\n")
vim.cmd("qa!")
`;

const OPEN = `
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.WEFT_FILE))
local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
`;
const END = `
io.stdout:write("\\n" .. vim.fn.json_encode(said) .. "\\n")
vim.cmd("qa!")
`;
const READY = `
vim.wait(60000, function() local all = clients() return #all > 0 and all[1].initialized ~= false and all[1].server_capabilities ~= nil end, 50)
vim.wait(500, function() return false end)
`;
/** Where the servers that run were started. */
const ROOTS = `${OPEN}${READY}
local said = { roots = {}, stopped = 0 }
for _, client in ipairs(clients()) do
  table.insert(said.roots, client.config.root_dir)
  if client.is_stopped(client) then said.stopped = said.stopped + 1 end
end
${END}`;
/** The file is opened before: what goes wrong in a command of a script isn't among the messages. */
const ALONE = `
vim.wait(1000, function() return false end)
local said = { filetype = vim.bo.filetype, messages = vim.fn.execute("messages") }
${END}`;
const WRITE = `${OPEN}${READY}
vim.cmd("write")
local said = { written = true }
${END}`;

const COLOURS = `
vim.cmd("syntax on")
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.WEFT_FILE))
local said = { commentstring = vim.bo.commentstring, groups = {} }
for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  for column, word in line:gmatch("()([%a_][%w_]*)") do
    local group = vim.fn.synIDattr(vim.fn.synID(number, column, 1), "name")
    said.groups[group] = said.groups[group] or {}
    said.groups[group][word] = true
  end
end
io.stdout:write("\\n" .. vim.fn.json_encode(said) .. "\\n")
vim.cmd("qa!")
`;

describe.skipIf(version === undefined)("Neovim", () => {
  const work = mkdtempSync(join(tmpdir(), "weft-neovim-"));
  const bin = join(work, "bin");

  beforeAll(() => {
    mkdirSync(bin);
    symlinkSync(join(ROOT, "dist/weft.js"), join(bin, "weft"));
    copyFileSync(join(ROOT, "examples/token/token.weft"), join(work, "token.weft"));
    mkdirSync(join(work, "project/src"), { recursive: true });
    mkdirSync(join(work, "project/node_modules/.bin"), { recursive: true });
    mkdirSync(join(work, "elsewhere"));
    symlinkSync(join(ROOT, "dist/weft.js"), join(work, "project/node_modules/.bin/weft"));
    writeFileSync(join(work, "project/weft.json"), "{}");
    writeFileSync(join(work, "project/package.json"), "{}");
    copyFileSync(join(ROOT, "examples/token/token.weft"), join(work, "project/src/token.weft"));
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  function run(settings: string, driver: string, file: string, folder = bin): Readonly<Record<string, unknown>> {
    writeFileSync(join(work, "init.lua"), settings);
    writeFileSync(join(work, "driver.lua"), driver);
    const folders = Object.fromEntries(["CONFIG", "DATA", "STATE", "CACHE"].map((name) => [`XDG_${name}_HOME`, join(work, name)]));
    const env = { ...process.env, ...folders, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`, WEFT_FILE: file };
    const args = [
      "--headless",
      "-n",
      "-u",
      join(work, "init.lua"),
      ...(driver === ALONE ? [file] : []),
      "-c",
      `luafile ${join(work, "driver.lua")}`,
    ];
    const { stdout, stderr } = spawnSync(NVIM, args, { cwd: folder === bin ? work : folder, env, encoding: "utf8", timeout: 120_000 });
    const answer = stdout.split("\n").findLast((line) => line.startsWith("{"));
    if (answer === undefined) throw new Error(`${stdout}\n${stderr}`);
    return asObject(JSON.parse(answer));
  }

  test("shows what the server knows, with the settings of the page", () => {
    const said = run(settingsFor(Number(version)).server, DRIVER, join(work, "token.weft"));
    expect(said).toMatchObject({ code: "E0202", formatted: "const A: u8 = 3;" });
    expect(said["hover"]).toContain("state balances: map<address, u256>");
    expect(said["completion"]).toContain("balances");
    expect(said["renamed"]).toBeGreaterThan(3);
  }, 150_000);

  test("finds the project above the file, and the server of the project from another folder", () => {
    const { server, ofProject } = settingsFor(Number(version));
    const file = join(work, "project/src/token.weft");
    expect(run(server, ROOTS, file)["roots"]).toEqual([join(work, "project")]);
    expect(run(ofProject, ROOTS, file, join(work, "elsewhere"))).toEqual({ roots: [join(work, "project")], stopped: 0 });
  }, 300_000);

  test("edits a file as text where there is no server, without an error of the settings", () => {
    const said = run(
      settingsFor(Number(version)).server.replace('"weft", "lsp"', '"no-such-weft", "lsp"'),
      ALONE,
      join(work, "token.weft"),
    );
    expect(said["filetype"]).toBe("weft");
    expect(said["messages"]).not.toMatch(/E5108|stack traceback|expected number/);
  }, 150_000);

  test("formats when a file is written", () => {
    const { server, formatting } = settingsFor(Number(version));
    const file = join(work, "written.weft");
    writeFileSync(file, "const    A:u8=3;\n");
    run(`${server}\n${formatting}`, WRITE, file);
    expect(readFileSync(file, "utf8")).toBe("const A: u8 = 3;\n");
  }, 150_000);

  test("has colours without a server", () => {
    const settings = `vim.opt.runtimepath:prepend(${JSON.stringify(join(ROOT, "editors/vim"))})\nvim.cmd("filetype plugin on")\n`;
    const said = run(settings, COLOURS, join(ROOT, "test/editors/colours/specimen.weft"));
    expect(said["commentstring"]).toBe("// %s");
    const groups = asObject(said["groups"]);
    const wordsOf = (group: string): readonly string[] => Object.keys(asObject(groups[group])).sort();
    expect(wordsOf("weftStatement")).toEqual([
      "advance",
      "assert",
      "block",
      "delete",
      "emit",
      "expect",
      "fuzz",
      "require",
      "return",
      "revert",
    ]);
    expect(wordsOf("weftStorageClass")).toEqual(["immutable", "implements", "indexed", "payable", "pub", "state", "uses", "view", "with"]);
    expect(wordsOf("weftKeyword")).toEqual(["as", "calls", "create", "deploy", "only", "value"]);
    expect(wordsOf("weftRepeat")).toEqual(["for", "in", "max"]);
    expect(wordsOf("weftSpecial")).toEqual(["_", "caller", "self", "value"]);
    expect(wordsOf("weftStructure")).toContain("test");
  }, 150_000);
});
