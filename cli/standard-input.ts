/** Reads a source from standard input. */
import { diagnose } from "../compiler/diagnostics/report.ts";
import { SOURCE_LIMIT } from "./files.ts";
import type { ReadResult } from "./files.ts";

/** A mark of the byte order stays, since the text goes back to where it came from. `name` stands in diagnostics. */
export async function readStandardInput(name: string): Promise<ReadResult> {
  const problem = (code: "E0811" | "E0812", values: Readonly<Record<string, string>>): ReadResult => ({
    kind: "problem",
    diagnostic: diagnose(code, { path: name, span: { start: 0, end: 0 } }, { path: name, ...values }),
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length > SOURCE_LIMIT) return problem("E0812", { limit: `${SOURCE_LIMIT / 1024 / 1024} MiB` });
  }
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return problem("E0811", {});
  }
}
