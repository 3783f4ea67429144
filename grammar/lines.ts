/** Turns offsets into lines and columns. Renderers, the formatter and guesses from indentation use it: everything inside works with offsets. */

export interface Position {
  /** Both from 1; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/** Offsets at which the lines of `text` start; the first is 0. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

/** The line of an offset, from 0. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function positionAt(starts: readonly number[], offset: number): Position {
  const line = lineAt(starts, offset);
  return { line: line + 1, column: offset - starts[line] + 1 };
}
