/** Semantic tokens: whole, of a part, and as what changed since an earlier answer. */
import { fullTokens, semanticTokens, tokensDelta, tokensWithin } from "../features/semantic-tokens.ts";
import { viewOf } from "../host.ts";
import type { Host } from "../host.ts";

interface Answer {
  readonly id: string;
  readonly data: readonly number[];
}

/** Files whose last answer is remembered. */
const MAX_RESULTS = 64;

/** Gives what forgets a file that was closed. */
export function registerTokens(host: Host): (uri: string) => void {
  const { connection } = host;
  const last = new Map<string, Answer>();
  let results = 0;
  const answerFor = (uri: string): Answer => {
    const view = viewOf(host, uri);
    const made = { id: String(++results), data: view === undefined ? [] : semanticTokens(view) };
    if (last.size >= MAX_RESULTS) last.clear();
    last.set(uri, made);
    return made;
  };
  connection.languages.semanticTokens.on(({ textDocument }) => {
    const { id, data } = answerFor(textDocument.uri);
    return fullTokens(data, id);
  });
  connection.languages.semanticTokens.onDelta(({ textDocument, previousResultId }) => {
    const before = last.get(textDocument.uri);
    const { id, data } = answerFor(textDocument.uri);
    return before?.id === previousResultId ? tokensDelta(before.data, data, id) : fullTokens(data, id);
  });
  connection.languages.semanticTokens.onRange(({ textDocument, range }) => {
    const view = viewOf(host, textDocument.uri);
    return { data: view === undefined ? [] : [...tokensWithin(semanticTokens(view), range)] };
  });
  return (uri) => void last.delete(uri);
}
