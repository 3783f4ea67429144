/** Our own mistake: an invariant of the compiler doesn't hold. Users' mistakes are diagnostics. */
export class Bug extends Error {
  override readonly name = "Bug";
}

/** The floor of an exhaustive switch. */
export function unreachable(value: never, where: string): never {
  throw new Bug(`${where}: unexpected ${JSON.stringify(value, (_key, v: unknown) => (typeof v === "bigint" ? String(v) : v))}`);
}
