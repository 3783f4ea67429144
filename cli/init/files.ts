/** What every new project has beside its contracts, tests and scenario: as texts by path. Names that come from the user are written by JSON or stand in plain prose. */

export interface NewProject {
  /** As npm has it. */
  readonly name: string;
  readonly template: string;
  /** What stands for `weft` in package.json; undefined: nothing does. */
  readonly dependency: string | undefined;
  /** Commands that this version of weft has. */
  readonly commands: ReadonlySet<string>;
}

/** The scripts of package.json. */
export function scriptsOf({ commands }: NewProject): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string>> = {
    check: "weft check",
    test: "weft test",
    build: "weft build",
    docs: "weft doc",
    format: "weft fmt",
    start: "weft run",
  };
  return Object.fromEntries(Object.entries(all).filter(([, line]) => commands.has(line.split(" ")[1])));
}

export function packageJson(project: NewProject): string {
  return json({
    name: project.name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: scriptsOf(project),
    ...(project.dependency === undefined ? {} : { devDependencies: { weft: project.dependency } }),
  });
}

/** Everything but package.json and what the template holds. */
export function commonFiles(project: NewProject): ReadonlyMap<string, string> {
  return new Map([
    ["weft.json", projectFile(project)],
    ["README.md", readme(project)],
    [".gitignore", "node_modules/\nbuild/\n"],
    [".gitattributes", "*.weft text eol=lf\n"],
    [".github/workflows/ci.yml", workflow(project)],
  ]);
}

function projectFile({ name, commands }: NewProject): string {
  return json({
    $schema: "./node_modules/weft/docs/schema/project.schema.json",
    sources: ["src"],
    tests: ["tests"],
    build: { out: "build" },
    ...(commands.has("doc") ? { doc: { out: "docs/api", title: name } } : {}),
    run: { scenario: "scenario.json" },
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`.replace(/\[\n\s+("[^"]*")\n\s+\]/g, "[$1]");
}

function workflow({ commands }: NewProject): string {
  const format = commands.has("fmt") ? "      - run: npx --no-install weft fmt --check\n" : "";
  return `name: CI
on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
      - run: if [ -f package-lock.json ]; then npm ci; else npm install; fi
${format}      - run: npx --no-install weft check
      - run: npx --no-install weft test
`;
}

function readme(project: NewProject): string {
  const rows: readonly (readonly [string, string])[] = [
    ["npm run check", "finds errors, and proves the `parallel` assertions"],
    ["npm test", "runs the tests, serially and in parallel"],
    ["npm start", "runs `scenario.json`: some thousand calls, serially and in parallel"],
    ["npm run build", "writes modules, ABI and a typed client to `build/`"],
    ["npm run docs", "writes pages about the contracts to `docs/api/`"],
    ["npm run format", "puts the sources into the one style"],
  ];
  const scripts = scriptsOf(project);
  const known = rows.filter(([line]) => scripts[line.replace(/^npm (?:run )?/, "")] !== undefined);
  return `# ${project.name}

A project in Weft, a smart-contract language whose calls run in parallel without speculation.

\`\`\`sh
npm install
npm test
\`\`\`

| command | does |
| --- | --- |
${known.map(([line, does]) => `| \`${line}\` | ${does} |`).join("\n")}

Contracts are in \`src\`, their tests in \`tests\`. \`weft.json\` says so, and sets what the commands do when the command line leaves it open.
`;
}
