/** Interfaces: their own declarations, and whether a contract that names one has its functions. */
import type { ContractDecl, FunctionDecl, InterfaceDecl } from "../../grammar/ast.ts";
import { abiSignature, selectorOf } from "../core/selector.ts";
import { sameType, showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Note } from "../diagnostics/diagnostic.ts";
import type { Func, Param, Site } from "../typed/tree.ts";
import { distinct } from "./compose.ts";
import { silently, siteOf } from "./context.ts";
import type { FileScope, ProgramContext } from "./context.ts";
import { entryParams, entryResult } from "./functions.ts";
import { unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";

/** A function as an interface asks for it. */
interface Wanted {
  readonly name: string;
  readonly params: readonly Param[];
  readonly result: Type;
  readonly mutability: Func["mutability"];
  readonly site: Site;
}

export function checkInterface(program: ProgramContext, file: FileScope, decl: InterfaceDecl): readonly Wanted[] {
  const known = new Map<string, Wanted>();
  const selectors = new Map<string, Wanted>();
  for (const node of decl.functions) {
    const wanted = checkWanted(program, file, node);
    const before = known.get(wanted.name);
    if (before !== undefined) {
      const notes = [{ ...before.site, text: "first declared here" }];
      program.reporter.report("E0201", wanted.site, { name: wanted.name }, { notes });
      continue;
    }
    known.set(wanted.name, wanted);
    checkSelector(program, selectors, wanted);
  }
  return [...known.values()];
}

function checkWanted(program: ProgramContext, file: FileScope, node: FunctionDecl): Wanted {
  const { name } = node;
  const site = siteOf(file, name);
  if (node.access === "internal") program.reporter.report("E0410", site, { what: "an internal function", where: "in an interface" });
  if (node.body !== undefined) program.reporter.report("E0410", site, { what: "a function with a body", where: "in an interface" });
  for (const guard of node.guards) {
    program.reporter.report("E0410", siteOf(file, guard.span), { what: "a guard", where: "in an interface" });
  }
  distinct(program, file, node.params);
  return {
    name: name.text,
    params: entryParams(program, file, node.params),
    result: entryResult(program, file, node.result),
    mutability: node.access === "payable" || node.access === "view" ? node.access : "write",
    site,
  };
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
    const problems = checkInterface(silently(program), known.file, known.node).flatMap((wanted) =>
      compare(wanted, byName.get(wanted.name)),
    );
    const [first, ...others] = problems;
    if (problems.length === 0) continue;
    const problem = others.length === 0 ? first.problem : `${first.problem}, and ${others.length} more`;
    const notes = problems.flatMap((one) => one.notes);
    program.reporter.report("E0330", siteOf(file, name), { contract: decl.name.text, interface: name.text, problem }, { notes });
  }
}

interface Problem {
  readonly problem: string;
  readonly notes: readonly Note[];
}

/** One problem at most. A view may stand for a function that need not be one: callers expect less of it. */
function compare(wanted: Wanted, func: Func | undefined): Problem[] {
  const { name } = wanted;
  if (func === undefined)
    return [{ problem: `\`${name}\` is missing`, notes: [{ ...wanted.site, text: `\`${name}\` is asked for here` }] }];
  const types = [...wanted.params, ...func.params].map((param) => param.type);
  if ([...types, wanted.result, func.result].some((type) => type.kind === "poison")) return [];
  const notes = [
    { ...wanted.site, text: `the interface has \`${showWanted(wanted)}\`` },
    { ...func.nameSite, text: "the contract has this" },
  ];
  const same = wanted.params.length === func.params.length && wanted.params.every(({ type }, i) => sameOutside(type, func.params[i].type));
  if (!same) return [{ problem: `\`${name}\` takes (${wanted.params.map(({ type }) => showType(type)).join(", ")}) there`, notes }];
  if (!sameOutside(wanted.result, func.result)) return [{ problem: `\`${name}\` gives \`${showType(wanted.result)}\` there`, notes }];
  const fits = wanted.mutability === func.mutability || (wanted.mutability === "write" && func.mutability === "view");
  return fits ? [] : [{ problem: `\`${name}\` is \`${ACCESS[wanted.mutability]} fn\` there`, notes }];
}

/** From outside a typed address is an address. */
function sameOutside(a: Type, b: Type): boolean {
  const isAddress = (type: Type): boolean => type.kind === "address" || type.kind === "handle";
  return sameType(a, b) || (isAddress(a) && isAddress(b));
}

const ACCESS: Readonly<Record<Func["mutability"], string>> = { view: "view", write: "pub", payable: "payable" };

function showWanted({ name, params, result, mutability }: Wanted): string {
  const list = params.map((param) => `${param.name}: ${showType(param.type)}`).join(", ");
  return `${ACCESS[mutability]} fn ${name}(${list})${result.kind === "unit" ? "" : ` -> ${showType(result)}`}`;
}

// --- selectors -----------------------------------------------------------------------------------------------------

/** Functions are told apart from outside by four bytes. */
export function checkSelectors(program: ProgramContext, external: readonly Func[]): void {
  const known = new Map<string, Selected>();
  for (const { name, params, nameSite } of external) checkSelector(program, known, { name, params, site: nameSite });
}

type Selected = Pick<Wanted, "name" | "params" | "site">;

function checkSelector(program: ProgramContext, known: Map<string, Selected>, func: Selected): void {
  const types = func.params.map((param) => param.type);
  if (types.some((type) => type.kind === "poison")) return;
  const selector = selectorOf(abiSignature(func.name, types));
  const other = known.get(selector);
  if (other === undefined) {
    known.set(selector, func);
    return;
  }
  const notes = [{ ...other.site, text: "the other one" }];
  program.reporter.report("E0214", func.site, { first: other.name, second: func.name, selector }, { notes });
}
