/**
 * The far side of the probes that `emitProbed` puts into a module: functions that are told what the module does while it runs. Only for chains of one
 * thread, since other threads load the module on their own.
 */
import type { Func, FuncId, Program, TypedId } from "../../compiler/typed/tree.ts";
import type { Exec, Neutral } from "../../runtime/module.ts";
import type { LoadedModule } from "../../runtime/types.ts";

/** What of the running call a probe may ask. */
type Running = Pick<Exec, "caller" | "self" | "concat" | "value">;

/** The bytes of an interned address. */
export type AddressBytes = (id: number) => Uint8Array;

export interface ProbeListener {
  /** A call from outside, or a constructor, begins. */
  readonly begin: (running: Running, bytesOf: AddressBytes, func: Func) => void;
  readonly enter: (running: Running, bytesOf: AddressBytes, func: Func, args: readonly unknown[]) => void;
  readonly leave: (bytesOf: AddressBytes, result: unknown) => void;
  readonly step: (id: TypedId) => void;
  readonly choice: (id: TypedId, held: boolean) => void;
  readonly event: (bytesOf: AddressBytes, key: string, args: readonly unknown[]) => void;
}

const IDLE: ProbeListener = {
  begin: () => undefined,
  enter: () => undefined,
  leave: () => undefined,
  step: () => undefined,
  choice: () => undefined,
  event: () => undefined,
};

/** From now on the module tells this listener; undefined: nobody. */
export function listen({ module }: LoadedModule, program: Program, listener: ProbeListener = IDLE): void {
  const table: unknown = Reflect.get(module, "probes");
  if (typeof table !== "object" || table === null) throw new Error("the module was emitted without probes");
  const shape = Number(Reflect.get(table, "address"));
  const funcs = program.functions;
  const known = (id: FuncId): Func => {
    const func = funcs.get(id);
    if (func === undefined) throw new Error(`probes: no function ${id}`);
    return func;
  };
  let running: Running | undefined;
  const bytesOf = (id: number): Uint8Array => running?.concat(shape, [id]) ?? new Uint8Array(20);
  Object.assign(table, {
    begin(x: Running, id: FuncId) {
      running = x;
      listener.begin(x, bytesOf, known(id));
    },
    enter(x: Running, id: FuncId, args: readonly unknown[]) {
      running = x;
      listener.enter(x, bytesOf, known(id), args);
    },
    leave(x: Running, result: Neutral) {
      running = x;
      listener.leave(bytesOf, result);
      return result;
    },
    step: listener.step,
    choice(id: TypedId, held: boolean) {
      listener.choice(id, held);
      return held;
    },
    event(x: Running, key: string, args: readonly unknown[]) {
      running = x;
      listener.event(bytesOf, key, args);
    },
  });
}
