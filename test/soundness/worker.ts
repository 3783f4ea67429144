/** A process of the long run: plays the rounds it is asked for, one after the other. */
import { playRound } from "./round.ts";
import type { Fault } from "./round.ts";
import { isTask } from "./messages.ts";
import type { Done, ToldFault } from "./messages.ts";
import { makeSmall, showBlocks } from "./small.ts";

export async function work(task: unknown): Promise<Done> {
  if (!isTask(task)) throw new Error("no task");
  const { seed, round, only } = task;
  const { figures, fault } = await playRound(seed, round, only);
  return { figures, fault: fault === undefined ? undefined : await told(fault) };
}

async function told({ message, subject, ...rest }: Fault): Promise<ToldFault> {
  const small = await makeSmall({ message, subject, ...rest });
  const { name, source } = subject;
  if (small !== undefined) return { message: small.message, name, source, history: showBlocks(small.blocks) };
  return { message: `${message} (only after the histories before it)`, name, source, history: showBlocks(rest.blocks) };
}
