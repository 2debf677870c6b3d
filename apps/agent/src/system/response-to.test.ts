import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { download } from "./download.ts";
import { fetchPage } from "./fetch-page.ts";
import { createGet } from "./get.ts";
import { postJson } from "./post-json.ts";

const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n";
const CUT_SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";

let server: Server | undefined;
afterEach(() => void server?.close());

/** Says the same to everybody, then ends unless it switches protocols. */
async function saying(text: string): Promise<string> {
  const started = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => (text === SWITCH ? socket.write(text) : socket.end(text)));
  });
  server = started;
  await once(started.listen(0, "127.0.0.1"), "listening");
  const address = started.address();
  return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/`;
}

const get = createGet(
  async (host) => host,
  (measure) => measure(),
);
const probe = (address: string) => get(new URL(address), { headers: {}, timeoutMs: 10_000, signal: new AbortController().signal });

test("a probe of what switches to another protocol has that as its answer", async () => {
  expect(await probe(await saying(SWITCH))).toMatchObject({ status: 101, reason: "Switching Protocols", certificate: undefined });
});

describe.each([
  ["another protocol", SWITCH],
  ["nothing", ""],
  ["half of a body", CUT_SHORT],
])("nobody waits for ever for who answers with %s", (_name, text) => {
  test.each<[string, (address: string) => Promise<unknown>]>([
    ["a page of addresses", (address) => fetchPage(address, 4)],
    ["a download", (address) => download(address, 1_000)],
    ["a message", (address) => postJson(address, {}, true)],
    ...(text === SWITCH ? [] : [["a probe", probe] as [string, typeof probe]]),
  ])("%s", async (_what, ask) => {
    await expect(ask(await saying(text))).rejects.toBeInstanceOf(Error);
  });
});
