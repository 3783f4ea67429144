/** Interfaces: their own declarations, and whether a contract that names one has its functions. */
import type { ContractDecl, InterfaceDecl } from "../../grammar/ast.ts";
import { abiSignature, selectorOf } from "../core/selector.ts";
import { sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Func } from "../typed/tree.ts";
import { distinct } from "./compose.ts";
import { siteOf } from "./context.ts";
import type { FileScope, ProgramContext } from "./context.ts";
import { resolveParams } from "./functions.ts";
import { unknownName } from "./lookup.ts";
import { resolveType, showDecl } from "./resolve-type.ts";

interface Wanted {
  readonly name: string;
  readonly params: readonly Type[];
  readonly result: Type;
  readonly mutability: Func["mutability"];
}

export function checkInterface(program: ProgramContext, file: FileScope, decl: InterfaceDecl): readonly Wanted[] {
  const names = new Set<string>();
  return decl.functions.map((node): Wanted => {
    const { name } = node;
    if (names.has(name.text)) program.reporter.report("E0201", siteOf(file, name), { name: name.text });
    names.add(name.text);
    if (node.access === "internal")
      program.reporter.report("E0410", siteOf(file, name), { what: "an internal function", where: "in an interface" });
    if (node.body !== undefined)
      program.reporter.report("E0410", siteOf(file, name), { what: "a function with a body", where: "in an interface" });
    for (const guard of node.guards)
      program.reporter.report("E0410", siteOf(file, guard.span), { what: "a guard", where: "in an interface" });
    distinct(program, file, node.params);
    return {
      name: name.text,
      params: resolveParams(program, file, node.params).map((param) => param.type),
      result: node.result === undefined ? { kind: "unit" } : resolveType({ program, file }, node.result, "result"),
      mutability: node.access === "payable" || node.access === "view" ? node.access : "write",
    };
  });
}

export function checkImplements(program: ProgramContext, file: FileScope, decl: ContractDecl, external: readonly Func[]): void {
  const byName = new Map(external.map((func) => [func.name, func]));
  for (const name of decl.implements) {
    const known = file.names.get(name.text);
    if (known?.kind === "poison") continue;
    if (known?.kind !== "interface") {
      const interfaces = [...file.names].flatMap(([key, other]) => (other.kind === "interface" ? [key] : []));
      if (known === undefined) unknownName({ program, file }, "interface", name, interfaces);
      else program.reporter.report("E0210", siteOf(file, name), { name: name.text, found: showDecl(known), expected: "an interface" });
      continue;
    }
    for (const wanted of checkInterface(program, known.file, known.node)) {
      const problem = compare(wanted, byName.get(wanted.name));
      if (problem === undefined) continue;
      program.reporter.report("E0330", siteOf(file, name), { contract: decl.name.text, interface: name.text, problem });
    }
  }
}

function compare(wanted: Wanted, func: Func | undefined): string | undefined {
  if (func === undefined) return `\`${wanted.name}\` is missing`;
  const types = [...wanted.params, wanted.result, ...func.params.map((param) => param.type), func.result];
  if (types.some((type) => type.kind === "poison")) return undefined;
  const same = wanted.params.length === func.params.length && wanted.params.every((type, i) => sameType(type, func.params[i].type));
  if (!same) return `\`${wanted.name}\` takes (${wanted.params.map(showType).join(", ")}) there`;
  if (!sameType(wanted.result, func.result)) return `\`${wanted.name}\` gives \`${showType(wanted.result)}\` there`;
  return wanted.mutability === func.mutability ? undefined : `\`${wanted.name}\` is \`${ACCESS[wanted.mutability]} fn\` there`;
}

const ACCESS: Readonly<Record<Func["mutability"], string>> = { view: "view", write: "pub", payable: "payable" };

/** Functions are told apart from outside by four bytes. */
export function checkSelectors(program: ProgramContext, external: readonly Func[]): void {
  const known = new Map<string, Func>();
  for (const func of external) {
    if (func.params.some((param) => param.type.kind === "poison")) continue;
    const selector = selectorOf(
      abiSignature(
        func.name,
        func.params.map((param) => param.type),
      ),
    );
    const other = known.get(selector);
    if (other === undefined) known.set(selector, func);
    else {
      const notes = [{ ...other.nameSite, text: "the other one" }];
      program.reporter.report("E0214", func.nameSite, { first: other.name, second: func.name, selector }, { notes });
    }
  }
}
