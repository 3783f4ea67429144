/**
 * Notes which names the check of a body asks for. Whatever a body finds out about the rest of the program it finds by a name: of its file, of another file
 * (contracts behind typed addresses), or of a member. So when the same names would lead to the same things, the body would be checked to the same result.
 */
import type { BuiltContract } from "./contracts.ts";
import type { Decl, MemberScope, ProgramContext, Signature } from "./context.ts";
import type { TestState } from "./test-words.ts";
import { meaningOf, sameSignature } from "./meaning.ts";
import { sameMeaning } from "./same-meaning.ts";

/** A map and one of its keys, or all of them. */
export interface Question {
  readonly map: string;
  readonly key: string | undefined;
}

export interface Watched<T> {
  readonly result: T;
  readonly questions: readonly Question[];
}

/** What a program's names lead to. */
export interface Directory {
  /** From now on hears what is asked of these maps, too. */
  readonly scope: (scope: MemberScope, name: string) => void;
  readonly built: (built: readonly BuiltContract[], maps: Pick<TestState, "byDecl" | "byName">) => void;
  readonly during: <T>(work: () => T) => Watched<T>;
  /** Whether the question is answered as in the directory before. */
  readonly agrees: (before: Directory, question: Question) => boolean;
  readonly answersOf: (map: string) => Answers | undefined;
}

type Answers =
  | { readonly kind: "declarations"; readonly map: ReadonlyMap<string, Decl>; readonly program: ProgramContext }
  | { readonly kind: "signatures"; readonly map: ReadonlyMap<string, Signature> }
  | { readonly kind: "objects"; readonly map: ReadonlyMap<string, object> };

const FILES = "files";

export function createDirectory(program: ProgramContext): Directory {
  const answers = new Map<string, Answers>();
  const agreed = new Map<string, boolean>();
  let asked: Map<string, Question> | undefined;
  const note = (map: string, key: string | undefined): void => {
    asked?.set(`${map}\n${key ?? ""}${key === undefined ? "\n" : ""}`, { map, key });
  };
  const add = (name: string, found: Answers): void => {
    answers.set(name, found);
    watch(found.map, (key) => note(name, key));
  };
  const byPath = new Map([...program.files.values()].map((file) => [file.path, file]));
  answers.set(FILES, { kind: "objects", map: new Map([...byPath.keys()].map((path) => [path, FILES_ARE_NAMES])) });
  watch(program.files, (key) => {
    if (key === undefined) note(FILES, undefined);
  });
  for (const file of byPath.values()) {
    add(`names ${file.path}`, { kind: "declarations", map: file.names, program });
    add(`own ${file.path}`, { kind: "declarations", map: file.own, program });
  }
  const directory: Directory = {
    scope({ fields, functions, guards, errors, events }, name) {
      add(`fields ${name}`, { kind: "objects", map: fields });
      add(`functions ${name}`, { kind: "signatures", map: functions });
      add(`guards ${name}`, { kind: "signatures", map: guards });
      add(`errors ${name}`, { kind: "objects", map: errors });
      add(`events ${name}`, { kind: "objects", map: events });
    },
    built(all, { byName, byDecl }) {
      // Another map as soon as one of its functions is another one.
      answers.set("built", { kind: "objects", map: new Map(all.map((one) => [one.contract.name, one.external])) });
      const names = new Map<object, string>(all.map((one) => [one.decl, one.contract.name]));
      watch(byName, (key) => note("built", key));
      watch(byDecl, (key) => note("built", key === undefined ? undefined : names.get(key)));
    },
    during(work) {
      const outer = asked;
      const own = new Map<string, Question>();
      asked = own;
      try {
        return { result: work(), questions: [...own.values()] };
      } finally {
        asked = outer;
      }
    },
    agrees(before, { map, key }) {
      const name = `${map}\n${key ?? ""}${key === undefined ? "\n" : ""}`;
      const known = agreed.get(name);
      if (known !== undefined) return known;
      const [old, now] = [before.answersOf(map), answers.get(map)];
      const found = old !== undefined && now !== undefined && sameAnswers(old, now, key);
      agreed.set(name, found);
      return found;
    },
    answersOf: (map) => answers.get(map),
  };
  return directory;
}

const FILES_ARE_NAMES: object = {};

function sameAnswers(old: Answers, now: Answers, key: string | undefined): boolean {
  if (key !== undefined) return sameAnswer(old, now, key);
  const [before, after] = [[...old.map.keys()], [...now.map.keys()]];
  return before.length === after.length && before.every((one, i) => one === after[i] && sameAnswer(old, now, one));
}

function sameAnswer(old: Answers, now: Answers, key: string): boolean {
  switch (now.kind) {
    case "declarations": {
      if (old.kind !== "declarations") return false;
      const [before, after] = [old.map.get(key), now.map.get(key)];
      if (before === undefined || after === undefined) return before === after;
      return sameMeaning(meaningOf(old.program, before), meaningOf(now.program, after));
    }
    case "signatures": {
      if (old.kind !== "signatures") return false;
      const [before, after] = [old.map.get(key), now.map.get(key)];
      return before === undefined || after === undefined ? before === after : sameSignature(before, after);
    }
    case "objects":
      return old.kind === "objects" && old.map.get(key) === now.map.get(key);
  }
}

/** Tells of every look into the map, with the key, or without one where all of them are looked at. */
function watch<K, V>(map: ReadonlyMap<K, V>, tell: (key: K | undefined) => void): void {
  const { get, has } = map;
  const all = <T>(method: () => T): (() => T) => {
    return () => {
      tell(undefined);
      return method.call(map);
    };
  };
  Object.assign(map, {
    get: (key: K) => {
      tell(key);
      return get.call(map, key);
    },
    has: (key: K) => {
      tell(key);
      return has.call(map, key);
    },
    keys: all(() => Map.prototype.keys.call(map)),
    values: all(() => Map.prototype.values.call(map)),
    entries: all(() => Map.prototype.entries.call(map)),
    [Symbol.iterator]: all(() => Map.prototype[Symbol.iterator].call(map)),
    forEach: (visit: (value: V, key: K) => void) => {
      tell(undefined);
      Map.prototype.forEach.call(map, visit);
    },
  });
}
