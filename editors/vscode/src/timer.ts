/** Waits until calls stop coming, then does its work once. */
import type { Disposable } from "vscode";

export interface Delayed extends Disposable {
  readonly ask: () => void;
}

export function delayed(ms: number, work: () => void): Delayed {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => clearTimeout(timer);
  const ask = (): void => {
    cancel();
    timer = setTimeout(work, ms);
  };
  return { ask, dispose: cancel };
}
