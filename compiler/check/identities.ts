/**
 * Numbers and objects of declarations. A compiler that runs once makes them as it goes. An editor gives a declaration that came out as it did before the same
 * number and the same object again, so that whatever refers to it stays true (`incremental.ts`).
 */
import type { Type } from "../core/types.ts";
import type { ErrorDef, EventDef, Field, Func, FuncId, TypedId } from "../typed/tree.ts";
import { sameMeaning } from "./same-meaning.ts";

export interface Identities {
  readonly typed: () => TypedId;
  /** `key` says which function it is. */
  readonly func: (key: string) => FuncId;
  readonly field: (owner: string, made: Field) => Field;
  readonly error: (made: ErrorDef) => ErrorDef;
  readonly event: (made: EventDef) => EventDef;
  readonly type: (key: string, made: Type) => Type;
  /** Of a contract's field; made once. */
  readonly getter: (contract: string, field: Field, make: () => Func | undefined) => Func | undefined;
}

function typedId(index: number): TypedId {
  return index as TypedId;
}

function funcId(index: number): FuncId {
  return index as FuncId;
}

export function plainIdentities(): Identities {
  let typed = 0;
  let funcs = 0;
  return {
    typed: () => typedId(typed++),
    func: () => funcId(funcs++),
    field: (_, made) => made,
    error: (made) => made,
    event: (made) => made,
    type: (_, made) => made,
    getter: (_, __, make) => make(),
  };
}

export interface LastingIdentities {
  /** For one more check; what the check before didn't use is forgotten. */
  readonly next: () => Identities;
  /** Numbers given so far. */
  readonly count: () => number;
}

export function lastingIdentities(): LastingIdentities {
  let typed = 0;
  let funcs = 0;
  let ids = new Map<string, FuncId>();
  const fields = createKeeper<Field>();
  const errors = createKeeper<ErrorDef>();
  const events = createKeeper<EventDef>();
  const types = createKeeper<Type>();
  const getters = new WeakMap<Field, Map<string, Func | undefined>>();
  return {
    count: () => typed,
    next() {
      const before = ids;
      const now = new Map<string, FuncId>();
      ids = now;
      for (const keeper of [fields, errors, events, types]) keeper.next();
      return {
        typed: () => typedId(typed++),
        func(key) {
          // Of declarations that have their name in common each keeps its turn.
          let own = key;
          for (let turn = 1; now.has(own); turn++) own = `${key}#${turn}`;
          const id = before.get(own) ?? funcId(funcs++);
          now.set(own, id);
          return id;
        },
        field: (owner, made) => fields.keep(`${owner} ${made.name}`, made),
        error: (made) => errors.keep(made.key, made),
        event: (made) => events.keep(made.key, made),
        type: types.keep,
        getter(contract, field, make) {
          const known = getters.get(field) ?? new Map<string, Func | undefined>();
          getters.set(field, known);
          const found = known.has(contract) ? known.get(contract) : make();
          known.set(contract, found);
          return found;
        },
      };
    },
  };
}

interface Keeper<T> {
  readonly keep: (key: string, made: T) => T;
  readonly next: () => void;
}

/** Gives the object of the check before where it says the same. */
function createKeeper<T>(): Keeper<T> {
  let before = new Map<string, T>();
  let now = new Map<string, T>();
  return {
    keep(key, made) {
      // Of two with one name each is its own: that they have it is a mistake, but they needn't say the same.
      if (now.has(key)) return made;
      const known = before.get(key);
      const kept = known !== undefined && sameMeaning(known, made) ? known : made;
      now.set(key, kept);
      return kept;
    },
    next() {
      before = now;
      now = new Map();
    },
  };
}
