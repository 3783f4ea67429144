/**
 * The author's doc comments for tools that show them to users, in the form of solc's `userdoc`. A file beside the ABI, not a part of it: readers of the
 * ABI may refuse members they don't know.
 */
import { abiSignature } from "../core/selector.ts";
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

/** Lines of one paragraph run together, as solc has them. */
function oneParagraph(doc: string): string {
  return doc.trim().replace(/\s*\r?\n\s*/g, " ");
}
