/**
 * The analysis as it is, and with one line of it changed: the sources bundled anew with that line replaced, and loaded beside the sound one. They meet in
 * plain data, the typed tree, so the rest of the compiler, the interpreter and the runtime stay as they are.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";
import { analyseConflicts, proveClaims } from "../../../compiler/conflicts/analyse.ts";
import { emitModule } from "../../../compiler/codegen/module.ts";
import { analyseFootprints } from "../../../compiler/footprint/analyse.ts";
import { linkFootprints } from "../../../compiler/link/link.ts";
import { ROOT } from "../../helpers/suites.ts";
import type { Mutant } from "./mutant.ts";

export interface Analysis {
  readonly analyseFootprints: typeof analyseFootprints;
  readonly analyseConflicts: typeof analyseConflicts;
  readonly proveClaims: typeof proveClaims;
  readonly emitModule: typeof emitModule;
  readonly linkFootprints: typeof linkFootprints;
}

export const SOUND: Analysis = { analyseFootprints, analyseConflicts, proveClaims, emitModule, linkFootprints };

const DOORS = `
export { analyseFootprints } from "./compiler/footprint/analyse.ts";
export { analyseConflicts, proveClaims } from "./compiler/conflicts/analyse.ts";
export { emitModule } from "./compiler/codegen/module.ts";
export { linkFootprints } from "./compiler/link/link.ts";`;

type Edit = Extract<Mutant["fault"], { kind: "edit" }>;

/** The text of the file with the line changed; throws when the line isn't there any more. */
export function editedText({ file, from, to }: Edit): string {
  const text = readFileSync(new URL(file, ROOT), "utf8");
  const parts = text.split(from);
  if (parts.length !== 2) {
    throw new Error(
      `stale: ${file} has this text ${parts.length - 1} times, not once. Aim the mutant in test/soundness/mutants at the line that does its work now:\n${from}`,
    );
  }
  return parts.join(to);
}

export interface Seam {
  readonly analysisWith: (edit: Edit) => Promise<Analysis>;
  readonly close: () => Promise<void>;
}

export async function openSeam(): Promise<Seam> {
  let edit: Edit | undefined;
  let applied = false;
  const building = await context({
    absWorkingDir: fileURLToPath(ROOT),
    stdin: { contents: DOORS, resolveDir: fileURLToPath(ROOT), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
    plugins: [
      {
        name: "one line",
        setup: (build) => {
          build.onLoad({ filter: /[\\/]compiler[\\/].*\.ts$/ }, ({ path }) => {
            const here = edit !== undefined && fileURLToPath(new URL(edit.file, ROOT)) === path ? edit : undefined;
            applied ||= here !== undefined;
            return { contents: here === undefined ? readFileSync(path, "utf8") : editedText(here), loader: "ts" };
          });
        },
      },
    ],
  });
  return {
    analysisWith: async (wanted) => {
      // Told here, as what a build says of it is hard to read.
      editedText(wanted);
      edit = wanted;
      applied = false;
      const { outputFiles } = await building.rebuild();
      if (!applied) throw new Error(`stale: nothing of ${wanted.file} is part of the analysis`);
      const loaded: unknown = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
      if (!isAnalysis(loaded)) throw new Error("the changed analysis doesn't load");
      return loaded;
    },
    close: () => building.dispose(),
  };
}

/** It was made of the doors above; this tells the compiler so. */
function isAnalysis(loaded: unknown): loaded is Analysis {
  return typeof loaded === "object" && loaded !== null && Object.keys(SOUND).every((name) => name in loaded);
}
