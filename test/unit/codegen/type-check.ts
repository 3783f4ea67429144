/** Type-checks texts as if they lay in this folder, as strictly as TypeScript goes. */
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import ts from "typescript";

const FOLDER = dirname(fileURLToPath(import.meta.url));

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noUncheckedIndexedAccess: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/** Problems of these files by name, in one program; those of files they import don't count. */
export function check(files: ReadonlyMap<string, string>): readonly string[] {
  const texts = new Map([...files].map(([name, text]) => [join(FOLDER, name), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const disk = { fileExists: host.fileExists.bind(host), readFile: host.readFile.bind(host), getSourceFile: host.getSourceFile.bind(host) };
  host.fileExists = (name) => texts.has(name) || disk.fileExists(name);
  host.readFile = (name) => texts.get(name) ?? disk.readFile(name);
  host.getSourceFile = (name, version, onError, fresh) => {
    const text = texts.get(name);
    return text === undefined ? disk.getSourceFile(name, version, onError, fresh) : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return [...texts.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ start, messageText }) => {
      const place = file === undefined || start === undefined ? "" : `:${String(file.getLineAndCharacterOfPosition(start).line + 1)}`;
      return `${name.slice(FOLDER.length + 1)}${place} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
}
