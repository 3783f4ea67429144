/** Vitest's global setup: dist/ must match the sources before tests start worker threads or the command line. */
import { buildAll, buildBundles } from "./build.mjs";

export default async function setup() {
  try {
    // Types take seconds, and the few tests that need them build them.
    await (process.env["CI"] === undefined ? buildBundles() : buildAll());
  } catch (error) {
    // While sources are being edited, tests of the parts that do compile are still worth running; the check builds first and stops.
    if (process.env["CI"] !== undefined) throw error;
    process.stderr.write("dist/ is out of date: the bundle failed to build\n");
  }
}
