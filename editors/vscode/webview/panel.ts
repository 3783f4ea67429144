/**
 * Runs in the panel's page. It shows the content that the extension sends, tells it what was clicked, and lets arrow keys move over the matrix. The
 * content is made by the extension with everything escaped, and the page's policy runs no script but this.
 */

interface Editor {
  readonly postMessage: (message: unknown) => void;
}
declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();
const content = document.getElementById("content");

interface Content {
  readonly html: string;
  readonly status: string;
}

function contentOf(message: unknown): Content | undefined {
  if (typeof message !== "object" || message === null || !("kind" in message) || message.kind !== "show") return undefined;
  if (!("html" in message) || typeof message.html !== "string" || !("status" in message) || typeof message.status !== "string")
    return undefined;
  return { html: message.html, status: message.status };
}

/** What has the focus, in words that the next content knows too. */
function focusedSelector(): string | undefined {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement)) return undefined;
  const { left, right, place } = activeElement.dataset;
  if (left !== undefined && right !== undefined) return `[data-left="${CSS.escape(left)}"][data-right="${CSS.escape(right)}"]`;
  return place === undefined ? undefined : `[data-place="${CSS.escape(place)}"]`;
}

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  const shown = contentOf(event.data);
  if (shown === undefined || content === null) return;
  const selector = focusedSelector();
  const scrolled = document.querySelector(".scroll")?.scrollLeft ?? 0;
  content.innerHTML = shown.html;
  content.setAttribute("aria-busy", "false");
  const status = document.getElementById("status");
  // Set only when it changed: screen readers say it again otherwise.
  if (status !== null && status.textContent !== shown.status) status.textContent = shown.status;
  const scroller = document.querySelector(".scroll");
  if (scroller !== null) scroller.scrollLeft = scrolled;
  const again = selector === undefined ? null : document.querySelector(selector);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
});

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  if (button === null) return;
  const { left, right, place } = button.dataset;
  if (place !== undefined) editor.postMessage({ kind: "open", place: Number(place) });
  else if (left !== undefined && right !== undefined) editor.postMessage({ kind: "choose", left, right });
});

const STEPS: ReadonlyMap<string, readonly [rows: number, columns: number]> = new Map([
  ["ArrowUp", [-1, 0] as const],
  ["ArrowDown", [1, 0] as const],
  ["ArrowLeft", [0, -1] as const],
  ["ArrowRight", [0, 1] as const],
]);

document.addEventListener("keydown", (event) => {
  const step = STEPS.get(event.key);
  const cell = event.target instanceof Element ? event.target.closest("td") : null;
  const row = cell?.closest("tr");
  if (step === undefined || cell === null || !row) return;
  const rows = row.closest("table")?.rows;
  const next = rows?.[row.rowIndex + step[0]]?.cells[cell.cellIndex + step[1]]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  next.focus();
});

editor.postMessage({ kind: "ready" });
