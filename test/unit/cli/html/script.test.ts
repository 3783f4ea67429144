/** The script of a page is a text, so no other check sees it: here it is read by the TypeScript compiler as strictly as everything else. */
import ts from "typescript";
import { expect, test } from "vitest";
import { SCRIPT } from "../../../../cli/render/html/script.ts";

/** What is wrong with scripts in a browser, by name. */
function problems(scripts: ReadonlyMap<string, string>): readonly (readonly [string | undefined, string])[] {
  const options: ts.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    strict: true,
    noImplicitAny: false,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => scripts.has(path) || fileExists(path);
  host.readFile = (path) => scripts.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const script = scripts.get(path);
    return script === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, script, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  };
  const program = ts.createProgram([...scripts.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => [file?.fileName, ts.flattenDiagnosticMessageText(messageText, "\n")] as const);
}

test("the script of a page has no errors, and one that has would be found", () => {
  const wrong = SCRIPT.replace("root.dataset.view = view", "root.dataset.view.view = view; nothing()");
  const found = problems(
    new Map([
      ["/page.js", SCRIPT],
      ["/wrong.js", wrong],
    ]),
  );
  expect(found.filter(([file]) => file !== "/wrong.js")).toEqual([]);
  expect(found).toContainEqual(["/wrong.js", "Cannot find name 'nothing'."]);
});

test("it ends no script element and makes no markup", () => {
  expect(SCRIPT).not.toMatch(/<\/|<!--|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(/);
});
