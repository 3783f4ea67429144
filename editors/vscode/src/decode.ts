/** Reading data of unknown shape (answers of the server, output of the tool, package files) without trusting it: what doesn't fit is undefined. */

export interface Fields {
  readonly [name: string]: unknown;
}

export function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A whole number from 0 on. */
export function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** What can be read of the elements, at most `limit`; those that don't fit are left out. */
export function listOf<T>(value: unknown, read: (element: unknown) => T | undefined, limit: number): readonly T[] {
  if (!Array.isArray(value)) return [];
  const found: T[] = [];
  for (const element of value.slice(0, limit)) {
    const item = read(element);
    if (item !== undefined) found.push(item);
  }
  return found;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
