/** Structs and tuples taken apart into single values, the same way everywhere: cells of state, words of calldata. */
import type { Type } from "./types.ts";

interface Member {
  readonly path: readonly number[];
  readonly names: readonly string[];
  readonly type: Type;
}

/** The leaves of a value: structs and tuples are taken apart, everything else is one leaf. */
export function membersBelow(type: Type): readonly Member[] {
  const children =
    type.kind === "struct"
      ? type.fields
      : type.kind === "tuple"
        ? type.elements.map((element, i) => ({ name: element.name ?? String(i), type: element.type }))
        : undefined;
  if (children === undefined) return [{ path: [], names: [], type }];
  return children.flatMap((child, i) =>
    membersBelow(child.type).map((member) => ({ path: [i, ...member.path], names: [child.name, ...member.names], type: member.type })),
  );
}
