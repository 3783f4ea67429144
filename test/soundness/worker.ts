/** A process of the long run: plays the rounds it is asked for, one after the other. */
import { NO_FIGURES, playRound } from "./round.ts";
import type { Fault } from "./round.ts";
import { isTask } from "./messages.ts";
import type { Done, ToldFault } from "./messages.ts";
import { makeSmall, showBlocks } from "./small.ts";

export function work(): void {
  process.on("message", (message: unknown) => {
    if (!isTask(message)) return;
    const { seed, round, only } = message;
    playRound(seed, round, only).then(
      async ({ figures, fault }) => {
        const done: Done = { round, figures, fault: fault === undefined ? undefined : await told(fault) };
        process.send?.(done);
      },
      (error: unknown) => {
        // Not a difference between engines: no program came of the seed, or the compiler failed. A fault all the same.
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        const done: Done = { round, figures: NO_FIGURES, fault: { message, name: "the making of the program", source: "", history: "" } };
        process.send?.(done);
      },
    );
  });
}

async function told({ message, subject, ...rest }: Fault): Promise<ToldFault> {
  const small = await makeSmall({ message, subject, ...rest });
  const { name, source } = subject;
  if (small !== undefined) return { message: small.message, name, source, history: showBlocks(small.blocks) };
  return { message: `${message} (only after the histories before it)`, name, source, history: showBlocks(rest.blocks) };
}
