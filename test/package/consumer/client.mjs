// Writes the typed client of the token.
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "weft/compiler";

const { contracts } = compile("token.weft", (path) => readFileSync(path, "utf8"));
writeFileSync("Token.client.ts", await contracts[0].client());
