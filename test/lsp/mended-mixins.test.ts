/** What a mixin touches is shown in its own file, too, as long as an open contract uses it. */
import { afterEach, expect, test } from "vitest";
import type { CodeLens, InlayHint } from "vscode-languageserver-protocol";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";

let project: Project | undefined;
afterEach(async () => {
  expect(project?.client.errors).toEqual([]);
  expect(await project?.client.stop()).toBe(0);
});

const OWNED = `mixin Owned {
  state owner: address;
  pub fn give(to: address) {
    require self.owner == caller;
    self.owner = to;
  }
}
`;
const BOX = `import { Owned } from "./owned.weft";
contract Box uses Owned {
  init() { self.owner = caller; }
}
`;

test("in the file of a mixin: hover, marks, lenses and the panel", async () => {
  project = await startProject({});
  const { client, show, uriOf } = project;
  const textDocument = { uri: uriOf("owned.weft") };
  const hover = async (line: number, character: number): Promise<string> =>
    JSON.stringify(await client.request("textDocument/hover", { textDocument, position: { line, character } }));
  const marks = async (): Promise<readonly unknown[]> => {
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const found = await client.connection.sendRequest<readonly InlayHint[]>("textDocument/inlayHint", { textDocument, range });
    return found.map(({ label }) => label);
  };
  const lenses = async (): Promise<readonly unknown[]> => {
    const found = await client.connection.sendRequest<readonly CodeLens[]>("textDocument/codeLens", { textDocument });
    return found.map(({ command }) => command?.title);
  };
  await show("owned.weft", OWNED);
  expect(await marks()).toEqual([]);
  expect(await lenses()).toEqual([]);

  await show("box.weft", BOX);
  await client.diagnostics(uriOf("box.weft"));
  expect(await marks()).toEqual(["R", "W"]);
  expect(await lenses()).toEqual(["in Box: RW owner", "in Box: conflicts with give (always)"]);
  expect(await hover(4, 11)).toContain("**W** writes `owner`");
  expect(await hover(2, 10)).toContain("**Footprint** in `Box`");
  const panel = { textDocument, position: { line: 4, character: 6 } };
  expect(await client.request("weft/conflicts", panel)).toMatchObject({ contract: "Box", current: "give" });

  // After an edit the contract follows, at the new places.
  await show("owned.weft", OWNED.replace("    self.owner = to;\n", "\n    // é🏺\n    self.owner = to;\n"));
  await client.diagnostics(uriOf("box.weft"));
  expect(await hover(6, 11)).toContain("**W** writes `owner`");
  await show("owned.weft", OWNED.replace("to;", "to"));
  await client.diagnostics(uriOf("box.weft"));
  expect(await marks()).toEqual([]);
  await client.close(uriOf("box.weft"));
  await show("owned.weft", OWNED);
  expect(await lenses()).toEqual([]);
});
