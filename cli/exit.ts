/** What the process says to its caller when it ends. One meaning per number, the same for every command. */

export const EXIT = {
  ok: 0,
  /** The user's program has errors, a test failed, serial and parallel execution differ, or `--fail-on-loss` found a loss. */
  failed: 1,
  /** Wrong usage: arguments, a missing file, a bad scenario. */
  usage: 2,
  /** Our own bug. */
  internal: 3,
  /** 128 + SIGINT, as shells count. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0    ok
  1    the program has errors, a test failed, serial and parallel execution differ,
       or --fail-on-loss found a loss
  2    wrong usage: arguments, a missing file, a bad scenario
  3    a bug in weft itself
  130  interrupted`;
