/** Numbers among the options of the command line. */
import { InvalidArgumentError } from "commander";

/** Reads a whole number, or says which ones there are. */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}
