import { defineConfig } from "vitest/config";

// Tests import the sources; worker threads and the command line run from dist/, which the global setup builds first.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/helpers/seed.ts"],
    globalSetup: ["scripts/test-setup.mjs"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: process.env["CI"] === undefined ? ["default"] : ["verbose"],
    coverage: { provider: "v8", include: ["grammar/**", "format/**", "compiler/**", "lsp/**", "runtime/**", "cli/**"] },
  },
});
