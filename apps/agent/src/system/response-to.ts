import type { ClientRequest, IncomingMessage } from "node:http";

/**
 * The answer to a request, its body still to be read. Rejects also where there never is one and no error either, as when a server
 * switches to another protocol: whoever waited for an answer alone would wait for ever.
 */
export function responseTo(call: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.on("error", reject);
    call.once("response", resolve);
    call.once("close", () => reject(new Error("the connection ended without an answer")));
  });
}
