/** What the protocol says of requests at the wrong time: before `initialize` and after `shutdown` they are refused, and notifications are dropped. */
import { ErrorCodes, Message } from "vscode-languageserver/node";
import type { MessageReader, MessageWriter } from "vscode-languageserver/node";

type State = "waiting" | "open" | "closed";

/** A reader of what may be heard; refusals go to the writer. */
export function gate(reader: MessageReader, writer: MessageWriter): MessageReader {
  let state: State = "waiting";
  const isHeard = (method: string): boolean => {
    if (state === "waiting" && method === "initialize") state = "open";
    else if (state === "open" && method === "shutdown") {
      state = "closed";
      return true;
    }
    return state === "open" || method === "exit";
  };
  return {
    onError: reader.onError,
    onClose: reader.onClose,
    onPartialMessage: reader.onPartialMessage,
    dispose: () => {
      reader.dispose();
    },
    listen: (callback) =>
      reader.listen((message) => {
        const isCall = Message.isRequest(message) || Message.isNotification(message);
        if (!isCall || isHeard(message.method)) return callback(message);
        if (!Message.isRequest(message)) return;
        const [code, text] =
          state === "closed"
            ? [ErrorCodes.InvalidRequest, "the server is shut down"]
            : [ErrorCodes.ServerNotInitialized, "the server waits for `initialize`"];
        // A client that is gone needs no answer.
        const refusal = { jsonrpc: "2.0", id: message.id, error: { code, message: text } };
        writer.write(refusal).catch(() => undefined);
      }),
  };
}
