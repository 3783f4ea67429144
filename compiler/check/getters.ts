/**
 * The views the compiler adds: every `state` and `immutable` can be read from outside by its name, maps by their keys. A struct's getter
 * returns its leaves as a named tuple, nested ones in order.
 */
import type { Type } from "../core/types.ts";
import type { Expr, Field, Func, Local, LocalId, Site, Stmt } from "../typed/tree.ts";
import type { ProgramContext } from "./context.ts";

interface Leaf {
  readonly name: string;
  readonly path: readonly number[];
  readonly type: Type;
}

/** Undefined for a sequence, which can't be read. */
export function getterOf(program: ProgramContext, contract: string, field: Field): Func | undefined {
  const keyTypes: Type[] = [];
  let type = field.type;
  for (; type.kind === "map"; type = type.value) keyTypes.push(type.key);
  if (type.kind === "sequence" || type.kind === "poison") return undefined;
  const params = keyTypes.map((key, i): Local => ({
    id: localId(i),
    name: keyTypes.length === 1 ? "key" : `key${i + 1}`,
    type: key,
    mutable: false,
    site: field.site,
  }));
  const value = read(program, field, params, type);
  const site = field.site;
  const body: Stmt[] = [{ id: program.nextTypedId(), site, kind: "return", value }];
  return {
    id: program.nextFuncId(),
    name: field.name,
    role: "getter",
    mutability: "view",
    contract,
    params,
    result: value.type,
    locals: params,
    body,
    doc: field.doc,
    site,
    nameSite: site,
  };
}

function localId(index: number): LocalId {
  return index as LocalId;
}

function read(program: ProgramContext, field: Field, params: readonly Local[], type: Type): Expr {
  if (type.kind !== "struct" && type.kind !== "tuple") return readLeaf(program, field, params, { name: field.name, path: [], type });
  const leaves = distinctNames(leavesOf(type, [], ""));
  if (leaves.length === 1) return readLeaf(program, field, params, leaves[0]);
  const result: Type = {
    kind: "tuple",
    elements: leaves.map((leaf) => ({ name: leaf.name === "" ? undefined : leaf.name, type: leaf.type })),
  };
  const elements = leaves.map((leaf) => readLeaf(program, field, params, leaf));
  return { id: program.nextTypedId(), site: field.site, kind: "tuple", type: result, elements };
}

function leavesOf(type: Type, path: readonly number[], name: string): Leaf[] {
  if (type.kind === "struct") return type.fields.flatMap((field, i) => leavesOf(field.type, [...path, i], field.name));
  if (type.kind === "tuple") return type.elements.flatMap((element, i) => leavesOf(element.type, [...path, i], element.name ?? ""));
  return [{ name, path, type }];
}

/** Two leaves of nested structs may share a name; the later one gets a number, so that each can be named. */
function distinctNames(leaves: readonly Leaf[]): Leaf[] {
  const taken = new Set(leaves.map((leaf) => leaf.name));
  const used = new Set<string>();
  return leaves.map((leaf) => {
    if (leaf.name === "" || !used.has(leaf.name)) {
      used.add(leaf.name);
      return leaf;
    }
    let number = 2;
    while (taken.has(`${leaf.name}${number}`)) number++;
    taken.add(`${leaf.name}${number}`);
    return { ...leaf, name: `${leaf.name}${number}` };
  });
}

function readLeaf(program: ProgramContext, field: Field, params: readonly Local[], leaf: Leaf): Expr {
  const site: Site = field.site;
  if (field.kind === "immutable") {
    let value: Expr = { id: program.nextTypedId(), site, kind: "immutable", type: field.type, field };
    for (const index of leaf.path) {
      value = { id: program.nextTypedId(), site, kind: "member", type: memberType(value.type, index), object: value, index };
    }
    return value;
  }
  const keys = params.map((param): Expr => ({ id: program.nextTypedId(), site, kind: "local", type: param.type, local: param.id }));
  const place = { field, keys, path: leaf.path, type: leaf.type, site };
  return { id: program.nextTypedId(), site, kind: "load", type: leaf.type, place };
}

function memberType(type: Type, index: number): Type {
  if (type.kind === "struct") return type.fields[index].type;
  return type.kind === "tuple" ? type.elements[index].type : type;
}
