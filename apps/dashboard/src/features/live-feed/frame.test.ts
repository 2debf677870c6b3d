import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { shareFrame } from "./frame.ts";

/** Sends one shared frame through a real socket and returns what a real client reads. */
async function throughSocket(text: string, deflate: boolean): Promise<string> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: { serverNoContextTakeover: true } });
  const frame = await shareFrame(text);
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (opened) => void socket.write(opened.extensions === "" ? frame.plain : frame.deflated)),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { perMessageDeflate: deflate });
  const [message] = (await once(client, "message")) as [Buffer];
  client.terminate();
  server.close();
  return message.toString();
}

test.each([0, 5, 125, 126, 65_535, 65_536, 200_000])("a text of %i bytes arrives whole, plain and deflated", async (length) => {
  const text = "a,1é".repeat(Math.ceil(length / 4)).slice(0, length);
  expect(await throughSocket(text, false)).toBe(text);
  expect(await throughSocket(text, true)).toBe(text);
});
