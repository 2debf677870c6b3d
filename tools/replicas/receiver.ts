import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes what webhooks say. */
export interface Receiver {
  readonly port: number;
  /** Bodies in the order they came, and when, milliseconds. */
  readonly messages: readonly { readonly text: string; readonly at: number }[];
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const messages: { text: string; at: number }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      messages.push({ text, at: Date.now() });
      response.end("ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
