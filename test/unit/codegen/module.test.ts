/** The text of emitted modules: one text in two outputs, readable, valid under strict TypeScript, and cheap to make. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { build } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { emitClient } from "../../../compiler/codegen/client.ts";
import { compileText } from "../../helpers/suites.ts";
import { ALL, CONSTRUCTS, emitted, EXAMPLES, fixtures } from "./fixtures.ts";
import { check } from "./type-check.ts";

describe("emitted modules", () => {
  it.each(fixtures([...EXAMPLES, CONSTRUCTS]))("read as the golden file of $contract.name does", async (fixture) => {
    await expect(emitted(fixture, "typescript")).toMatchFileSnapshot(`../../golden/emitted/${fixture.contract.name}.ts.txt`);
  });

  it.each(fixtures(ALL))("are the same program in both outputs: $contract.name", (fixture) => {
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, removeComments: true };
    const plain = (text: string): string => ts.transpileModule(text, { compilerOptions: options }).outputText;
    expect(plain(emitted(fixture, "typescript"))).toBe(plain(emitted(fixture, "javascript")));
  });

  it.each(fixtures(ALL))("carry the hash of their JavaScript text: $contract.name", (fixture) => {
    const text = emitted(fixture, "javascript");
    const line = /^ {2}codeHash: "(0x[0-9a-f]{64})",\n/m.exec(text);
    expect(line?.[1]).toBe(`0x${bytesToHex(keccak_256(utf8ToBytes(text.replace(line?.[0] ?? "", ""))))}`);
    expect(emitted(fixture, "typescript")).toContain(line?.[1]);
  });

  it("are the same text every time", () => {
    const [once] = fixtures(["test/unit/codegen/workout.weft"]);
    const [again] = fixtures(["test/unit/codegen/workout.weft"]);
    expect(emitted(once, "typescript")).toBe(emitted(again, "typescript"));
  });

  it("and clients pass strict TypeScript against the runtime's types, with nothing unused in modules", { timeout: 120_000 }, async () => {
    const files = new Map<string, string>();
    for (const fixture of fixtures(ALL)) {
      const { contract, compiled } = fixture;
      files.set(`${contract.name}.ts`, emitted(fixture, "typescript", "../../../runtime/index.ts"));
      files.set(
        `${contract.name}.client.ts`,
        await emitClient({ contract, program: compiled.program, runtime: "../../../runtime/index.ts" }),
      );
    }
    files.set("use.ts", USE);
    expect(check(files)).toEqual([]);
  });

  it("need neither ts-morph nor prettier nor typescript to be made", async () => {
    const result = await build({
      entryPoints: ["compiler/codegen/module.ts"],
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      write: false,
      metafile: true,
    });
    const packages = Object.values(result.metafile.outputs).flatMap((output) => output.imports.map((each) => each.path));
    expect([...new Set(packages)].sort()).toEqual(["@noble/hashes/sha3.js", "@noble/hashes/utils.js", "code-block-writer"]);
  });

  it("keep what an author writes in comments and strings inside comments and strings", () => {
    const source = [
      "/// Ends here: */ export const evil = 1; /*",
      "/// and a line separator \u2028 too",
      "contract Odd {",
      "  state names: map<u8, string<64>>;",
      "  /// */ } evil(); {",
      '  pub fn set(key: u8) { self.names[key /* \u2028 evil() */ ] = "*/ \\u{2028} ` ${evil()} // \\n"; }',
      "}",
    ].join("\n");
    const compiled = compileText(source.replace("\\u{2028}", "\u2028"));
    const text = emitted({ contract: compiled.program.contracts[0], compiled }, "typescript", "../../../runtime/index.ts");
    expect(check(new Map([["Odd.ts", text]]))).toEqual([]);
    const names = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) names.add(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile("Odd.ts", text, ts.ScriptTarget.ES2023));
    expect(names).not.toContain("evil");
  });
});

/** Uses of clients: those behind an @ts-expect-error must not compile, all others must. */
const USE = `
import { tokenAt, results, errorOf } from "./Token.client.ts";
import { daoAt, eventOf, type Status } from "./Dao.client.ts";
const token = tokenAt("0x01");
const options = { from: "0x02" } as const;
const call = token.transfer({ to: "0x03", value: 5n }, options);
export const nonce: bigint = call.nonce;
// @ts-expect-error an argument is missing
token.transfer({ to: "0x03" }, options);
// @ts-expect-error a wrong name
token.transfer({ to: "0x03", amount: 5n }, options);
// @ts-expect-error a number where the type is wide
token.transfer({ to: "0x03", value: 5 }, options);
// @ts-expect-error not an address
token.transfer({ to: "bob", value: 5n }, options);
// @ts-expect-error coin for a function that takes none
token.transfer({ to: "0x03", value: 5n }, { from: "0x02", value: 1n });
// @ts-expect-error no such function
token.steal({}, options);
daoAt("0x01").join({ from: "0x02", value: 1n });
export const moved: boolean = results.transfer(new Uint8Array());
export const error = errorOf(new Uint8Array());
if (error?.name === "InsufficientBalance") console.log(error.args.account, error.args.needed + 1n);
// @ts-expect-error no such error
if (error?.name === "Poor") console.log(error);
const event = eventOf({ topics: [], data: new Uint8Array() });
if (event?.name === "Voted") console.log(event.args.power * 2n, event.args.support === true);
export const status: Status = "Executed";
`;
