/**
 * The author's doc comments for tools that show them to users and to programmers, in the form of solc's `userdoc` and `devdoc`. Files beside the ABI, not
 * parts of it: readers of the ABI may refuse members they don't know.
 */
import { abiSignature } from "../core/selector.ts";
import { parseDoc } from "../docgen/tags.ts";
import type { Contract, Program } from "../typed/tree.ts";
import { signatureOf } from "./abi.ts";
import { reachableFrom } from "./reachable.ts";
import { functionOf } from "./scope.ts";

interface Notice {
  readonly notice: string;
}

export interface UserDoc {
  readonly kind: "user";
  readonly version: 1;
  /** Of the contract itself. */
  readonly notice?: string;
  /** By signature; the constructor is `constructor`. */
  readonly methods: Readonly<Record<string, Notice>>;
  readonly events: Readonly<Record<string, Notice>>;
  /** A list, since several errors may have one signature. */
  readonly errors: Readonly<Record<string, readonly Notice[]>>;
}

export function userDocOf(contract: Contract, program: Program): UserDoc {
  const { events, errors } = reachableFrom(contract, program);
  const methods = [contract.init, ...contract.external].map((id) => {
    const func = functionOf(program, id);
    return { key: func.role === "init" ? "constructor" : signatureOf(func), doc: func.doc };
  });
  const messages = ({ name, params, doc }: (typeof events)[number] | (typeof errors)[number]): Documented => ({
    key: abiSignature(
      name,
      params.map((param) => param.type),
    ),
    doc,
  });
  const notice = oneParagraph(contract.doc);
  return {
    kind: "user",
    version: 1,
    ...(notice === "" ? {} : { notice }),
    methods: noticesOf(methods),
    events: noticesOf(events.map(messages)),
    errors: Object.fromEntries(Object.entries(noticesOf(errors.map(messages))).map(([key, each]) => [key, [each]])),
  };
}

interface Documented {
  readonly key: string;
  readonly doc: string;
}

/** Those that have a doc comment. */
function noticesOf(all: readonly Documented[]): Readonly<Record<string, Notice>> {
  const entries = all.map(({ key, doc }) => ({ key, notice: oneParagraph(doc) })).filter(({ notice }) => notice !== "");
  return Object.fromEntries(entries.map(({ key, notice }) => [key, { notice }]));
}

/** Lines of one paragraph run together, as solc has them. What tags say is for `devDocOf`. */
function oneParagraph(doc: string): string {
  return oneLine(parseDoc(doc).text);
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\r?\n\s*/g, " ");
}

interface Details {
  readonly details?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly returns?: Readonly<Record<string, string>>;
}

export interface DevDoc extends Details {
  readonly kind: "dev";
  readonly version: 1;
  readonly title?: string;
  readonly author?: string;
  readonly methods: Readonly<Record<string, Details>>;
  readonly events: Readonly<Record<string, Details>>;
  readonly errors: Readonly<Record<string, readonly Details[]>>;
}

/** What the tags of doc comments say. */
export function devDocOf(contract: Contract, program: Program): DevDoc {
  const { events, errors } = reachableFrom(contract, program);
  const methods = [contract.init, ...contract.external].map((id) => {
    const func = functionOf(program, id);
    const { result } = func;
    const results = result.kind === "tuple" ? result.elements.map(({ name }, i) => name ?? `_${i}`) : ["_0"];
    return [func.role === "init" ? "constructor" : signatureOf(func), detailsOf(func.doc, results)] as const;
  });
  const messages = ({ name, params, doc }: (typeof events)[number] | (typeof errors)[number]): readonly [string, Details] => [
    abiSignature(
      name,
      params.map((param) => param.type),
    ),
    detailsOf(doc, []),
  ];
  const { title, author } = parseDoc(contract.doc);
  return {
    kind: "dev",
    version: 1,
    ...(title === "" ? {} : { title: oneLine(title) }),
    ...(author === "" ? {} : { author: oneLine(author) }),
    ...detailsOf(contract.doc, []),
    methods: withAny(methods),
    events: withAny(events.map(messages)),
    errors: Object.fromEntries(Object.entries(withAny(errors.map(messages))).map(([key, each]) => [key, [each]])),
  };
}

function detailsOf(doc: string, results: readonly string[]): Details {
  const { details, params, returns } = parseDoc(doc);
  return {
    ...(details === "" ? {} : { details: oneLine(details) }),
    ...(params.size === 0 ? {} : { params: Object.fromEntries([...params].map(([name, text]) => [name, oneLine(text)])) }),
    ...(returns.length === 0
      ? {}
      : { returns: Object.fromEntries(returns.map((text, i) => returned(oneLine(text), results.at(i) ?? `_${i}`))) }),
  };
}

/** `@return yes the power behind it` names the result first, if it has a name. */
function returned(text: string, name: string): readonly [string, string] {
  return [name, text.startsWith(`${name} `) ? text.slice(name.length + 1) : text];
}

function withAny(all: readonly (readonly [string, Details])[]): Readonly<Record<string, Details>> {
  return Object.fromEntries(all.filter(([, details]) => Object.keys(details).length > 0));
}
