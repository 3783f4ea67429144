/**
 * From the text of a module to the module: imported through a `data:` URL, on the main thread and on every worker alike.
 * It checks the outline only. The text is code and runs with all rights of the process: it must come from the compiler.
 */
import { ValidationError } from "./errors.ts";
import type { ContractModule } from "./module.ts";
import type { LoadedModule } from "./types.ts";

/** Imports the JavaScript text of a module whose export `module` is a ContractModule. */
export async function loadModule(text: string): Promise<LoadedModule> {
  // Without a name of its own a module would be called by its whole text in stack traces.
  const named = `${text}\n//# sourceURL=weft-module\n`;
  const url = `data:text/javascript;base64,${Buffer.from(named, "utf8").toString("base64")}`;
  const namespace: unknown = await imported(url);
  const module = pick(namespace, "module");
  if (!isModule(module)) throw new ValidationError("the text exports no contract module of format 1");
  return { module, text };
}

async function imported(url: string): Promise<unknown> {
  try {
    return await import(/* @vite-ignore */ url);
  } catch (thrown) {
    throw new ValidationError(`the text is no module: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function pick(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

function isModule(value: unknown): value is ContractModule {
  if (typeof value !== "object" || value === null) return false;
  return (
    pick(value, "format") === 1 &&
    typeof pick(value, "codeHash") === "string" &&
    Array.isArray(pick(value, "fields")) &&
    Array.isArray(pick(value, "functions")) &&
    Array.isArray(pick(value, "creates")) &&
    Array.isArray(pick(value, "natives"))
  );
}
