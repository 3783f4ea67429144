/**
 * A package.json that is there already: what a project needs and it lacks is added, and nothing else in it changes. The layout stays as its author has
 * it, as far as JSON shows it.
 */
import { parseJson } from "../scenario/json.ts";
import { scriptsOf } from "./files.ts";
import type { NewProject } from "./files.ts";

export type Completed = { readonly kind: "text"; readonly text: string } | { readonly kind: "problem"; readonly problem: string };

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

export function completePackage(text: string, project: NewProject): Completed {
  const strict = parseJson(text);
  if (strict.kind === "problem") return { kind: "problem", problem: `it is not valid JSON: ${strict.problem}` };
  const found: unknown = JSON.parse(text);
  if (!isObject(found)) return { kind: "problem", problem: "it holds no object" };
  const scripts = found["scripts"] ?? {};
  if (!isObject(scripts)) return { kind: "problem", problem: "`scripts` is no object" };
  const taken = Object.fromEntries(Object.entries(scripts).filter(([name, line]) => !isPlaceholder(name, line)));
  const wanted = Object.entries(scriptsOf(project)).filter(([name]) => !Object.hasOwn(taken, name));
  const after: Record<string, unknown> = { ...found, scripts: { ...scripts, ...Object.fromEntries(wanted) } };
  if (project.dependency !== undefined && !namesWeft(found)) {
    const others = found["devDependencies"] ?? {};
    if (!isObject(others)) return { kind: "problem", problem: "`devDependencies` is no object" };
    after["devDependencies"] = { ...others, weft: project.dependency };
  }
  if (JSON.stringify(after) === JSON.stringify(found)) return { kind: "text", text };
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  return { kind: "text", text: `${JSON.stringify(after, undefined, indent)}\n` };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `npm init` writes for want of a test. */
function isPlaceholder(name: string, line: unknown): boolean {
  return name === "test" && typeof line === "string" && line.includes("no test specified");
}

function namesWeft(found: Readonly<Record<string, unknown>>): boolean {
  return KINDS.some((kind) => {
    const named = found[kind];
    return isObject(named) && Object.hasOwn(named, "weft");
  });
}
