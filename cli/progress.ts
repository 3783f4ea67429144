/** One line on stderr that says what is going on; only on a terminal, and only for work that takes a while. */

export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** Shorter work shows nothing, so that quick commands don't flicker. */
const DELAY_MS = 300;
/** A terminal is redrawn at most this often. */
const REDRAW_MS = 80;

export function createProgress(enabled: boolean): Progress {
  if (!enabled) return { show: () => undefined, clear: () => undefined };
  const started = performance.now();
  let drawnAt = -Infinity;
  let visible = false;
  return {
    show(text) {
      const now = performance.now();
      if (now - started < DELAY_MS || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      visible = true;
      process.stderr.write(`\r\u001b[2K${text}`);
    },
    clear() {
      if (visible) process.stderr.write("\r\u001b[2K");
      visible = false;
    },
  };
}
