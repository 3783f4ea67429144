/** Vitest's global setup: dist/ must match the sources before tests start worker threads or the command line. */
import { buildAll } from "./build.mjs";

export default async function setup() {
  try {
    await buildAll();
  } catch (error) {
    // While sources are being edited, tests of the parts that do compile are still worth running; the check builds first and stops.
    if (process.env["CI"] !== undefined) throw error;
    process.stderr.write("dist/ is out of date: the bundle failed to build\n");
  }
}
