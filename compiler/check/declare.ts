/** Collects the top-level names of every file and ties imports to the declarations they name. Looks into no body. */
import type { Item, Name } from "../../grammar/ast.ts";
import type { Reporter } from "../diagnostics/report.ts";
import type { SourceModule } from "../modules/load.ts";
import { siteOf } from "./context.ts";
import type { Decl, FileScope } from "./context.ts";
import { unknownImport } from "./lookup.ts";
import { isBuiltinType } from "./resolve-type.ts";

/** What a body knows of its call without declaring it. */
export const CONTEXT_WORDS: ReadonlySet<string> = new Set(["caller", "value", "block", "chain"]);

export function declareFiles(modules: readonly SourceModule[], reporter: Reporter): ReadonlyMap<string, FileScope> {
  const files = new Map<string, FileScope>();
  for (const module of modules) files.set(module.path, { path: module.path, tree: module.tree, names: new Map(), own: new Map() });
  for (const file of files.values()) declareOwn(file, reporter);
  for (const module of modules) declareImports(module, files, reporter);
  checkHandles(files, reporter);
  return files;
}

function declareOwn(file: FileScope, reporter: Reporter): void {
  for (const item of file.tree.items) {
    const decl = declOf(file, item);
    // The parser may recover with an empty name; it has reported that.
    if (decl === undefined || item.kind === "import" || item.kind === "test" || item.name.text === "") continue;
    const taken = refuseTaken(file, item.name, reporter) ? { kind: "poison" as const } : decl;
    if (addName(file, item.name, taken, reporter)) file.own.set(item.name.text, taken);
  }
}

function declOf(file: FileScope, item: Item): Decl | undefined {
  switch (item.kind) {
    case "const":
      return { kind: "const", file, node: item };
    case "struct":
      return { kind: "struct", file, node: item };
    case "enum":
      return { kind: "enum", file, node: item };
    case "interface":
      return { kind: "interface", file, node: item };
    case "mixin":
      return { kind: "mixin", file, node: item };
    case "contract":
      return { kind: "contract", file, node: item };
    case "function":
      return { kind: "function", file, node: item };
    case "event":
      return { kind: "event", file, node: item };
    case "error":
      return { kind: "error", file, node: item };
    case "import":
    case "test":
      return undefined;
  }
}

/** A declaration that took such a name would change every use of it in the file, also those that are there to protect. */
function refuseTaken(file: FileScope, name: Name, reporter: Reporter): boolean {
  const means = CONTEXT_WORDS.has(name.text) ? "is known in every call" : isBuiltinType(name.text) ? "is a built-in type" : undefined;
  if (means === undefined) return false;
  reporter.report("E0216", siteOf(file, name), { name: name.text, means });
  return true;
}

function addName(file: FileScope, name: Name, decl: Decl, reporter: Reporter): boolean {
  const known = file.names.get(name.text);
  if (known === undefined) {
    file.names.set(name.text, decl);
    return true;
  }
  const notes = known.kind === "poison" ? [] : [{ ...siteOf(known.file, known.node.name), text: "first declared here" }];
  reporter.report("E0201", siteOf(file, name), { name: name.text }, { notes });
  return false;
}

function declareImports(module: SourceModule, files: ReadonlyMap<string, FileScope>, reporter: Reporter): void {
  const file = files.get(module.path);
  if (file === undefined) return;
  for (const item of module.tree.items) {
    if (item.kind !== "import") continue;
    const path = module.imports.get(item);
    const from = path === undefined ? undefined : files.get(path);
    for (const { name, alias } of item.names) {
      const decl = from?.own.get(name.text);
      if (from !== undefined && decl === undefined) unknownImport(reporter, file, item.from, name, from);
      // A name that failed to come in is known all the same: its uses aren't further mistakes. One that is taken was refused where it is declared.
      const failed = decl === undefined || decl.kind === "poison";
      if (failed && alias === undefined) addName(file, name, { kind: "poison" }, reporter);
      else addName(file, alias ?? name, refuseTaken(file, alias ?? name, reporter) || failed ? { kind: "poison" } : decl, reporter);
    }
  }
}

/** Typed addresses are told apart by the name of their contract or interface. */
function checkHandles(files: ReadonlyMap<string, FileScope>, reporter: Reporter): void {
  const known = new Map<string, Exclude<Decl, { kind: "poison" }>>();
  for (const file of files.values()) {
    for (const [name, decl] of file.own) {
      if (decl.kind !== "contract" && decl.kind !== "interface") continue;
      const other = known.get(name);
      if (other === undefined) known.set(name, decl);
      else
        reporter.report(
          "E0206",
          siteOf(file, decl.node.name),
          { name },
          { notes: [{ ...siteOf(other.file, other.node.name), text: "the other one" }] },
        );
    }
  }
}
