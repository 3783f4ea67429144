/**
 * Random programs as lists of tokens: everything the grammar knows, none of it meaning anything. Two characters that must stay together, as those of
 * `>>` and `min=`, are one token here.
 */
import type { Random } from "./random.ts";
import { FileTokens } from "./tokens/declarations.ts";

export function randomTokens(random: Random): readonly string[] {
  return new FileTokens(random).file();
}
