/** A client that says that it can do nothing but the least: it is sent what clients have always taken. */
import { DefinitionRequest, DocumentSymbolRequest, SignatureHelpRequest, TypeDefinitionRequest } from "vscode-languageserver-protocol";
import type { TextDocumentPositionParams } from "vscode-languageserver-protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DRESSES } from "./page.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld(DRESSES[0], { capabilities: {} });
});
afterAll(() => world.end());

const at = (wanted: string, word: string): TextDocumentPositionParams => ({
  textDocument: { uri: world.vault.uri },
  position: world.vault.at(wanted, word),
});

test("definitions are places, without what to underline", async () => {
  const { client, vault, shapes } = world;
  const range = shapes.range("struct Task", "Task");
  expect(await client.connection.sendRequest(DefinitionRequest.type, at("Job { owner", "Job"))).toEqual([{ uri: shapes.uri, range }]);
  expect(await client.connection.sendRequest(TypeDefinitionRequest.type, at("let job", "job"))).toEqual([{ uri: shapes.uri, range }]);
  const start = { line: 0, character: 0 };
  expect(await client.connection.sendRequest(DefinitionRequest.type, at('"./shapes.weft"', "shapes"))).toEqual([
    { uri: shapes.uri, range: { start, end: start } },
  ]);
  expect(await client.connection.sendRequest(DefinitionRequest.type, at("contract Vault", "contract"))).toEqual([]);
  expect(vault.uri).not.toBe(shapes.uri);
});

test("parameters of signatures are texts", async () => {
  const help = await world.client.connection.sendRequest(SignatureHelpRequest.type, at("twice(self", "self"));
  expect(help?.signatures).toMatchObject([{ label: "fn twice(x: u64) -> u64", parameters: [{ label: "x: u64" }] }]);
});

test("outlines are lists, with what is around each declaration", async () => {
  const { client, vault } = world;
  const found = await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: vault.uri } });
  const shown = (found ?? []).map((one) => ("location" in one ? [one.containerName, one.name].join(".") : one));
  expect(shown.slice(0, 7)).toEqual([".Empty", ".Owned", "Owned.owner", "Owned.NotOwner", "Owned.onlyOwner", ".Vault", "Vault.balances"]);
  expect(found?.[0]).toMatchObject({ location: { uri: vault.uri, range: vault.range("error Empty(who: address);") } });
});
