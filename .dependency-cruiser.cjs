/** Import borders: grammar <- compiler, format <- cli; the runtime stands alone; nobody imports tests. See docs/architecture.md. */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "grammar-stands-alone",
      comment: "The grammar depends on the parser library only.",
      severity: "error",
      from: { path: "^grammar/" },
      to: { pathNot: ["^grammar/", "^node_modules/(@chevrotain/|chevrotain/|lodash-es/)"] },
    },
    {
      name: "compiler-knows-grammar-only",
      comment: "The compiler does no IO and doesn't know the runtime: only text it emits refers to it.",
      severity: "error",
      from: { path: "^compiler/" },
      to: { path: ["^format/", "^lsp/", "^runtime/", "^cli/", "^bench/", "^test/"] },
    },
    {
      name: "format-knows-grammar-only",
      comment: "The formatter works on texts; Prettier's document printer is all it needs beside the grammar.",
      severity: "error",
      from: { path: "^format/" },
      to: { pathNot: ["^format/", "^grammar/", "^node_modules/prettier/"] },
    },
    {
      name: "compiler-does-no-io",
      severity: "error",
      from: { path: ["^compiler/", "^grammar/", "^format/"] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "server-knows-the-compiler",
      comment: "The language server is loaded by one command; it executes nothing.",
      severity: "error",
      from: { path: "^lsp/" },
      to: { path: ["^runtime/", "^cli/", "^bench/", "^test/"] },
    },
    {
      name: "runtime-stands-alone",
      comment: "The runtime executes modules; it knows neither the language nor the command line.",
      severity: "error",
      from: { path: "^runtime/" },
      to: { path: ["^grammar/", "^format/", "^compiler/", "^cli/", "^bench/", "^test/"] },
    },
    {
      name: "the-extension-stands-alone",
      comment: "It is packed for another program, and talks to the compiler as to any other server.",
      severity: "error",
      from: { path: "^editors/" },
      to: { path: ["^grammar/", "^format/", "^compiler/", "^runtime/", "^cli/", "^bench/", "^test/"] },
    },
    { name: "cli-is-the-top", severity: "error", from: { path: "^cli/" }, to: { path: ["^bench/", "^test/"] } },
    { name: "nobody-imports-tests", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^vscode$" } },
    {
      name: "no-dev-packages-in-the-product",
      comment: "Development packages serve the product only where the build puts their code into the bundles: these.",
      severity: "error",
      from: { path: ["^grammar/", "^format/", "^compiler/", "^lsp/", "^runtime/", "^cli/"] },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "^node_modules/(@noble/(curves|hashes|post-quantum)|chevrotain|code-block-writer|commander|prettier|vscode-[a-z-]+)/",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
