/**
 * What a declaration means to those who name it: all that the check of a body can find out about it from outside. Two declarations that mean the same can
 * stand for each other.
 */
import { resolveParams } from "./functions.ts";
import { methodsOf } from "./external.ts";
import { silently } from "./context.ts";
import type { Decl, ProgramContext, Signature } from "./context.ts";
import { sameMeaning } from "./same-meaning.ts";

export function meaningOf(program: ProgramContext, decl: Decl): unknown {
  if (decl.kind === "poison") return "poison";
  return [decl.kind, decl.file.path, decl.node.name.text, contentOf(program, decl)];
}

function contentOf(program: ProgramContext, decl: Exclude<Decl, { kind: "poison" }>): unknown {
  switch (decl.kind) {
    case "const":
      return withoutPlaces(program.constants.get(decl.node));
    case "struct":
      return program.structs.get(decl.node);
    case "enum":
      return program.enums.get(decl.node);
    case "error":
      return program.errors.get(decl.node);
    case "event":
      return program.events.get(decl.node);
    case "function": {
      const signature = program.free.get(decl.node);
      return signature === undefined ? undefined : outside(signature);
    }
    case "interface":
      return [methodsOf(program, decl), decl.node.functions.map(({ name }) => name.text)];
    case "contract": {
      const init = decl.node.members.find((member) => member.kind === "init");
      const params = init?.kind === "init" ? resolveParams(silently(program), decl.file, init.params) : [];
      return [methodsOf(program, decl), within(program, decl), params];
    }
    case "mixin":
      return within(program, decl);
  }
}

/** Each use of a constant is a copy with the place of the use. */
function withoutPlaces(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutPlaces);
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => (key === "site" ? [] : [[key, withoutPlaces(part)]])));
}

function within(program: ProgramContext, { node }: Extract<Decl, { kind: "contract" | "mixin" }>): unknown {
  const scope = program.scopes.get(node);
  const names = node.members.flatMap((member) => (member.kind === "function" || member.kind === "state" ? [member.name.text] : []));
  return [scope?.errors, scope?.events, names];
}

/** What callers know of a function. */
function outside({ id, name, role, access, params, result, file, contract }: Signature): readonly unknown[] {
  return [String(id), name, role, access, params, result, file.path, contract];
}

export function sameSignature(a: Signature, b: Signature): boolean {
  return sameMeaning(outside(a), outside(b));
}
