/** All colours of the command line. A theme maps a role to text; without colours every role is the text itself. */
import { styleText } from "node:util";

const ROLES = {
  error: ["bold", "red"],
  warning: ["bold", "yellow"],
  note: ["bold", "cyan"],
  help: ["bold", "green"],
  headline: ["bold"],
  gutter: ["blue"],
  good: ["green"],
  bad: ["red"],
  dim: ["dim"],
  strong: ["bold"],
} as const;

export type Role = keyof typeof ROLES;
export type Theme = (role: Role, text: string) => string;

export const PLAIN: Theme = (_role, text) => text;

/** The choice was made before: `styleText` must not look at stdout and the environment again. */
export const COLOURED: Theme = (role, text) => (text === "" ? text : styleText([...ROLES[role]], text, { validateStream: false }));

export type ColourChoice = "auto" | "always" | "never";

interface Surroundings {
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The command line decides, then FORCE_COLOR, then NO_COLOR, then whether a terminal reads along. */
export function chooseTheme(choice: ColourChoice, { isTerminal, environment }: Surroundings): Theme {
  if (choice !== "auto") return choice === "always" ? COLOURED : PLAIN;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced === "0" || forced === "false" ? PLAIN : COLOURED;
  const refused = environment["NO_COLOR"];
  if (refused !== undefined && refused !== "") return PLAIN;
  return isTerminal && environment["TERM"] !== "dumb" ? COLOURED : PLAIN;
}
