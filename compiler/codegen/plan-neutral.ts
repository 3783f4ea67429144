/**
 * Values of several parts in plans: elements of lists, members of dynamic structs, arguments of calls of other contracts. They come from the calldata as the
 * runtime's codecs give them (structs as arrays), and go on to other contracts in the same form.
 */
import { Bug } from "../core/bug.ts";
import { isPacked, type Type } from "../core/types.ts";
import { isOfState } from "../footprint/algebra.ts";
import type { ArgHead, Sym, Term } from "../footprint/footprint.ts";
import { callCode, primary, within, type Code } from "./code.ts";
import { representationOf } from "./representation.ts";
import { known, once, textOf, uncertain, type ArgNames, type PlanCode, type PlanScope } from "./plan-scope.ts";
import { annotation, helper, leafName, packedIndex, shapeIndex, typeText } from "./scope.ts";

type Param = Extract<Term, { kind: "param" }>;

/** A list whose elements are one word each: plans look into it where it lies. */
export function isListOfWords(type: Type): boolean {
  return type.kind === "list" && ["bool", "number", "big"].includes(representationOf(type.element));
}

/** The head word that a parameter, or a member of one, stands in, and the members that lead on from there. */
export function headOf(scope: PlanScope, term: Param): { readonly arg: ArgNames; readonly rest: readonly number[] } {
  const arg = scope.args.find(({ head }) => head.param === term.index && head.path.every((member, i) => member === term.path[i]));
  if (arg === undefined) throw new Bug(`codegen: no head word for parameter ${String(term.index)}`);
  return { arg, rest: term.path.slice(arg.head.path.length) };
}

/** Elements of a list as a number. */
export function listLength(scope: PlanScope, list: Term): string {
  const own = ownHead(scope, list);
  if (own !== undefined) return own.length;
  const code = neutralOf(scope, list);
  return once(scope, `length ${code.text}`, "n", (name) => `const ${name} = ${callCode(helper("partsOf"), [code]).text};`);
}

/** The argument whose head word the list itself is. */
function ownHead(scope: PlanScope, list: Term): ArgNames | undefined {
  if (list.kind !== "param") return undefined;
  const { arg, rest } = headOf(scope, list);
  return rest.length === 0 ? arg : undefined;
}

/** A list that is as long as state says, or as a condition on state; a length that isn't known is no number. */
export function isUncertain(scope: PlanScope, list: Term): boolean {
  switch (list.kind) {
    case "param":
    case "made":
      return false;
    case "element":
      return isUncertain(scope, list.list) || scope.term(scope, list.index).maybe;
    case "member":
      return isUncertain(scope, list.of);
    default:
      return true;
  }
}

/** A part of an argument, or of a packed cell, as its type: an element of a list, a member of an element or of a dynamic struct, a payload. */
export function partCode(scope: PlanScope, term: Term): PlanCode {
  const code = neutralOf(scope, term);
  const type = annotation(scope.module, ` as Maybe<${typeText(scope.module, term.type)}>`);
  const text = type === "" ? code.text : `${within(code, 10)}${type}`;
  return { ...primary(once(scope, text, "part", (name) => `const ${name} = ${text};`)), maybe: true };
}

/** The same as the codecs have it. */
export function neutralOf(scope: PlanScope, term: Term): Code {
  switch (term.kind) {
    case "param": {
      const { arg, rest } = headOf(scope, term);
      return rest.reduce((value, member) => callCode(helper("partAt"), [value, String(member)]), wholeHead(scope, arg.head, arg));
    }
    case "element": {
      const index = scope.term(scope, term.index);
      return callCode(helper("partAt"), [neutralOf(scope, term.list), index.small ?? callCode(helper("plannedIndex"), [index])]);
    }
    case "member":
      return callCode(helper("partAt"), [neutralOf(scope, term.of), String(term.index)]);
    case "payload":
      return callCode(helper("payloadOf"), [neutralOf(scope, term.of), String(term.variant), String(term.index)]);
    case "read":
      return isPacked(term.type) ? scope.packed(term.read) : scope.term(scope, term);
    case "immutable":
      return isPacked(term.type) ? packedImmutable(scope, term) : scope.term(scope, term);
    case "made": {
      const tag = term.variant === undefined ? [] : [primary(String(term.variant))];
      return callCode(helper("allKnown"), [listOf([...tag, ...term.parts.map((part) => neutralOf(scope, part))])]);
    }
    case "decoded": {
      const shape = shapeIndex(
        scope.module,
        term.type.elements.map((element) => element.type),
      );
      const call = callCode("p.decode", [String(shape), scope.term(scope, term.data)]).text;
      return primary(once(scope, call, "decoded", (name) => `const ${name} = ${call};`));
    }
    case "if": {
      const cond = scope.term(scope, term.cond);
      return callCode(helper("chosen"), [cond, neutralOf(scope, term.then), neutralOf(scope, term.otherwise)]);
    }
    case "op":
      // Only a mark may stand around a value of several parts.
      return isOfState(term) ? neutralOf(scope, term.args[0]) : scope.term(scope, term);
    default:
      return scope.term(scope, term);
  }
}

function listOf(parts: readonly Code[]): Code {
  return primary(`[${parts.map((part) => within(part, 1)).join(", ")}]`);
}

function packedImmutable(scope: PlanScope, term: Extract<Term, { kind: "immutable" }>): Code {
  const leaf = scope.module.footprint.leaves[term.leaf];
  const call = `p.stagePacked(${leafName(scope.module, leaf)}, p.instance, ${String(packedIndex(scope.module, leaf.type))})`;
  return primary(once(scope, call, leaf.field?.name ?? "fixed", (name) => `const ${name} = ${call};`));
}

function wholeHead(scope: PlanScope, head: ArgHead, arg: ArgNames): Code {
  if (!isListOfWords(head.type)) return primary(arg.value);
  const call = `p.argValue(${String(head.head)})`;
  return primary(once(scope, call, "list", (name) => `const ${name} = ${call};`));
}

/** An argument for another contract; `undefined` when some part of it isn't known. */
export function neutralCode(scope: PlanScope, type: Type, value: Sym): string {
  return textOf(valueCode(scope, type, value));
}

function valueCode(scope: PlanScope, type: Type, value: Sym): PlanCode {
  if (value.kind === "term") {
    const { term } = value;
    if (term.kind === "param" && ownHead(scope, term) !== undefined && isListOfWords(term.type)) return known(neutralOf(scope, term));
    const whole = ["list", "struct", "tuple"].includes(representationOf(type));
    return whole ? uncertain(neutralOf(scope, term)) : scope.term(scope, term);
  }
  const types = memberTypes(type);
  const parts = value.members.map((member, i) => valueCode(scope, types[i], member));
  const list = primary(`[${parts.map(textOf).join(", ")}]`);
  return parts.some((part) => part.maybe) ? uncertain(callCode(helper("allKnown"), [list])) : known(list);
}

function memberTypes(type: Type): readonly Type[] {
  if (type.kind === "struct") return type.fields.map((field) => field.type);
  if (type.kind === "tuple") return type.elements.map((element) => element.type);
  throw new Bug(`codegen: members of ${type.kind}`);
}

/** Values for `p.encode` and `p.concat`: single ones. */
export function valuesText(scope: PlanScope, terms: readonly Term[]): string {
  return `[${terms.map((term) => textOf(scope.term(scope, term))).join(", ")}]`;
}
