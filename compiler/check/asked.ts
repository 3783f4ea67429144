/**
 * Functions without a body in mixins: what a mixin asks of the contract it becomes part of. Once all parts are known, the contract's function of that
 * name, its own or another mixin's, takes their place.
 */
import type { ContractDecl, FunctionDecl, MixinDecl } from "../../grammar/ast.ts";
import { sameType, showType } from "../core/types.ts";
import { siteOf } from "./context.ts";
import type { FileScope, MemberScope, ProgramContext, Signature } from "./context.ts";

export interface Asked {
  /** Stands for the function until the contract is complete; of a mixin that no contract uses, for good. */
  readonly signature: Signature;
  readonly mixin: string;
}

/** Whether a member only says what a mixin needs. Functions that are called from outside have bodies: a contract's ABI is written down in one place. */
export function isAsked(decl: ContractDecl | MixinDecl, node: FunctionDecl): boolean {
  return (
    decl.kind === "mixin" && node.body === undefined && node.guards.length === 0 && (node.access === "internal" || node.access === "view")
  );
}

export function settle(
  program: ProgramContext,
  whole: { readonly decl: ContractDecl | MixinDecl; readonly file: FileScope; readonly scope: MemberScope },
  asked: readonly Asked[],
  views: Iterable<MemberScope>,
): void {
  const found = new Map<Signature, Signature>();
  for (const { signature, mixin } of asked) {
    const own = whole.scope.functions.get(signature.name);
    const problem = own === undefined ? `\`${signature.name}\` is missing` : mismatch(signature, own);
    if (own !== undefined && problem === undefined) found.set(signature, own);
    // A mixin by itself need not have what others will bring.
    if (problem === undefined || (whole.decl.kind === "mixin" && own === undefined)) continue;
    const notes = [{ ...nameSite(signature), text: `\`${mixin}\` asks for it here` }];
    if (own !== undefined) notes.push({ ...nameSite(own), text: "the contract has this" });
    program.reporter.report(
      "E0330",
      siteOf(whole.file, whole.decl.name),
      { contract: whole.decl.name.text, interface: mixin, problem },
      { notes },
    );
  }
  if (found.size === 0) return;
  for (const { functions } of views) {
    for (const [name, signature] of functions) {
      const own = found.get(signature);
      if (own !== undefined) functions.set(name, own);
    }
  }
}

function mismatch(asked: Signature, own: Signature): string | undefined {
  const { name } = asked;
  const types = [...asked.params, ...own.params].map((param) => param.type);
  if ([...types, asked.result, own.result].some((type) => type.kind === "poison")) return undefined;
  const same = asked.params.length === own.params.length && asked.params.every(({ type }, i) => sameType(type, own.params[i].type));
  if (!same) return `\`${name}\` takes (${asked.params.map(({ type }) => showType(type)).join(", ")}) there`;
  if (!sameType(asked.result, own.result)) return `\`${name}\` gives \`${showType(asked.result)}\` there`;
  return asked.access === "view" && own.access !== "view" ? `\`${name}\` is \`view fn\` there` : undefined;
}

function nameSite({ node, file }: Signature): ReturnType<typeof siteOf> {
  return siteOf(file, node.kind === "init" ? node.span : node.name);
}
