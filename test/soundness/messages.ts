/** What the processes of the long run tell each other. Only what a message can carry. */
import type { Figures, Only } from "./round.ts";

/** To a worker. */
export interface Task {
  readonly seed: number;
  readonly round: number;
  readonly only: Only;
}

export interface ToldFault {
  readonly message: string;
  readonly name: string;
  readonly source: string;
  /** Calls that show it, one per line. */
  readonly history: string;
}

/** From a worker. */
export interface Done {
  readonly figures: Figures;
  readonly fault: ToldFault | undefined;
}

/** What comes over the channel was sent by the other half of this program; these tell the compiler so. */
export function isTask(message: unknown): message is Task {
  return typeof message === "object" && message !== null && "seed" in message && "round" in message;
}

export function isDone(message: unknown): message is Done {
  return typeof message === "object" && message !== null && "figures" in message;
}
