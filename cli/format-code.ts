/** Formats emitted TypeScript and JavaScript for readers. Only `build` loads it: the formatter takes longer to load than to run. */
import { format } from "prettier/standalone";
import * as estree from "prettier/plugins/estree";
import * as typescript from "prettier/plugins/typescript";

export function formatCode(text: string): Promise<string> {
  return format(text, { parser: "typescript", plugins: [estree, typescript], printWidth: 120 });
}
