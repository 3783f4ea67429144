/** What the checker told of a program's syntax: types of expressions and locals, names of files, members of contracts. */
import type { Expr, Name } from "../../grammar/ast.ts";
import { createChecker } from "../../compiler/check/incremental.ts";
import type { Observer, ProgramContext } from "../../compiler/check/context.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { loadModules } from "../../compiler/modules/load.ts";
import type { Modules, Parse } from "../../compiler/modules/load.ts";
import type { Local } from "../../compiler/typed/tree.ts";

export interface Facts {
  readonly context: ProgramContext;
  /** Undefined where the checker didn't get to. */
  readonly typeOf: (expr: Expr) => Type | undefined;
  readonly localOf: (name: Name) => Local | undefined;
}

export interface Collector {
  readonly observer: Observer;
  readonly facts: (context: ProgramContext) => Facts;
}

/** Keeps what it hears as long as the nodes are in use. */
export function createCollector(): Collector {
  const types = new WeakMap<object, Type>();
  const locals = new WeakMap<object, Local>();
  return {
    observer: {
      expr: (node, type) => {
        // Members of mixins are checked once per contract, and a mistake in one of them is no reason to know nothing.
        if (type.kind !== "poison" || !types.has(node)) types.set(node, type);
      },
      local: (name, local) => {
        locals.set(name, local);
      },
      forget: (node) => {
        visitNodes(node, (part) => {
          types.delete(part);
          locals.delete(part);
        });
      },
    },
    facts: (context) => ({ context, typeOf: (expr) => types.get(expr), localOf: (name) => locals.get(name) }),
  };
}

export interface CheckedOnce {
  readonly modules: Modules;
  /** What the checker said. */
  readonly diagnostics: readonly Diagnostic[];
  readonly facts: Facts | undefined;
}

/** Checks a program once, and remembers nothing of it. */
export function checkOnce(root: string, read: (path: string) => string | undefined, parse: Parse): CheckedOnce {
  const collector = createCollector();
  const checker = createChecker(collector.observer);
  const modules = loadModules(root, read, parse);
  const { diagnostics } = checker.check(modules);
  const context = checker.context();
  return { modules, diagnostics, facts: context === undefined ? undefined : collector.facts(context) };
}

/** Damaged declarations are checked, too. What is said of them is of no use; what is found out about the rest is. */
export function tolerantly(parse: Parse): Parse {
  return (path, text) => ({ ...parse(path, text), problems: [], isBalanced: true });
}

function visitNodes(value: unknown, visit: (node: object) => void): void {
  if (typeof value !== "object" || value === null) return;
  visit(value);
  for (const part of Object.values(value)) visitNodes(part, visit);
}
