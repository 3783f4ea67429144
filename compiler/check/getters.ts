/**
 * The views the compiler adds: every `state` and `immutable` can be read from outside by its name. Maps are read by their keys, sets by a member, lists
 * by position; a struct's getter returns its leaves as a named tuple, nested ones in order. What has no form in the ABI has no getter.
 */
import { membersBelow, outsideAbi } from "../core/members.ts";
import type { Type } from "../core/types.ts";
import type { Expr, Field, Func, Local, LocalId, StatePlace, Stmt } from "../typed/tree.ts";
import { BOOL, U64 } from "./context.ts";
import type { ProgramContext } from "./context.ts";
import { memberAt } from "./copy.ts";

/** Undefined for what can't be read from outside: sequences, options, enums with payload, and what holds one of these. */
export function getterOf(program: ProgramContext, contract: string, field: Field): Func | undefined {
  return program.identities.getter(contract, field, () => makeGetter(program, contract, field));
}

function makeGetter(program: ProgramContext, contract: string, field: Field): Func | undefined {
  const form = formOf(field);
  if (form === undefined) return undefined;
  const { site } = field;
  const names = [...numbered("key", form.keys.length), ...numbered("index", form.indexes)];
  const params = [...form.keys, ...new Array<Type>(form.indexes).fill(U64)].map((type, i): Local => ({
    id: localId(i),
    name: names[i],
    type,
    mutable: false,
    site,
  }));
  const value = read({ program, field, params }, form);
  const body: Stmt[] = [{ id: program.nextTypedId(), site, kind: "return", value }];
  return {
    id: program.identities.func(`${contract} getter ${field.name}`),
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

function numbered(name: string, count: number): string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
}

/** How a field is asked for. */
interface Form {
  /** Keys of maps, then the member of a set. */
  readonly keys: readonly Type[];
  /** Type at the end of the keys, as a place has it. */
  readonly entry: Type;
  /** Positions in lists within lists. */
  readonly indexes: number;
  /** What is returned, taken apart if it has several leaves. */
  readonly value: Type;
}

function formOf(field: Field): Form | undefined {
  const keys: Type[] = [];
  let type = field.type;
  for (; type.kind === "map"; type = type.value) keys.push(type.key);
  if (type.kind === "set") return { keys: [...keys, type.key], entry: BOOL, indexes: 0, value: BOOL };
  const entry = type.kind === "history" ? type.value : type;
  if (outsideAbi(entry) !== undefined || entry.kind === "poison") return undefined;
  let indexes = 0;
  let value: Type = entry;
  for (; value.kind === "list"; value = value.element) indexes++;
  return { keys, entry, indexes, value };
}

interface Reader {
  readonly program: ProgramContext;
  readonly field: Field;
  readonly params: readonly Local[];
}

interface Leaf {
  readonly name: string;
  readonly path: readonly number[];
  readonly type: Type;
}

function read(reader: Reader, form: Form): Expr {
  const { program, field } = reader;
  if (form.value.kind !== "struct" && form.value.kind !== "tuple") return readLeaf(reader, form, { name: "", path: [], type: form.value });
  const leaves = distinctNames(leavesOf(form.value, [], ""));
  if (leaves.length === 1) return readLeaf(reader, form, leaves[0]);
  const type: Type = {
    kind: "tuple",
    elements: leaves.map((leaf) => ({ name: leaf.name === "" ? undefined : leaf.name, type: leaf.type })),
  };
  const elements = leaves.map((leaf) => readLeaf(reader, form, leaf));
  return { id: program.nextTypedId(), site: field.site, kind: "tuple", type, elements };
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

function readLeaf(reader: Reader, form: Form, leaf: Leaf): Expr {
  const { program, field, params } = reader;
  const { site } = field;
  const use = (param: Local): Expr => ({ id: program.nextTypedId(), site, kind: "local", type: param.type, local: param.id });
  if (field.kind === "state" && form.indexes === 0) return load(leaf.type, leaf.path);
  let value: Expr =
    field.kind === "state" ? load(form.entry, []) : { id: program.nextTypedId(), site, kind: "immutable", type: field.type, field };
  for (const index of params.slice(form.keys.length)) {
    if (value.type.kind !== "list") break;
    value = { id: program.nextTypedId(), site, kind: "element", type: value.type.element, list: value, index: use(index) };
  }
  return memberAt(program, value, leaf.path);

  function load(type: Type, path: readonly number[]): Expr {
    const keys = params
      .slice(0, form.keys.length)
      .flatMap((param) => membersBelow(param.type).map((part) => memberAt(program, use(param), part.path)));
    const place: StatePlace = { field, keys, path, type, site };
    return { id: program.nextTypedId(), site, kind: "load", type, place };
  }
}
