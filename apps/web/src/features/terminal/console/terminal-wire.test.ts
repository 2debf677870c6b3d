import { beforeEach, expect, test, vi } from "vitest";
import type { ApiClient } from "#wire/api-client.ts";
import { createTerminalWire } from "./terminal-wire.ts";

/** As much of a socket as the wire uses. */
class FakeSocket {
  static readonly OPEN = 1;
  readonly sent: (string | Uint8Array)[] = [];
  readyState = 1;
  binaryType = "";
  onopen?: () => void;
  onmessage?: (event: { data: string | ArrayBuffer }) => void;
  onclose?: (event: { code: number }) => void;
  closedWith: number | undefined;
  send(data: string | Uint8Array) {
    this.sent.push(data);
  }
  close(code: number) {
    this.closedWith = code;
  }
}

let sockets: FakeSocket[] = [];
let waits: { ms: number; run: () => void }[] = [];
let log: string[] = [];
const post = vi.fn<(path: string, body: unknown) => Promise<{ session_id: string }>>();

beforeEach(() => {
  sockets = [];
  waits = [];
  log = [];
  post.mockReset().mockResolvedValue({ session_id: "abc" });
  vi.stubGlobal("WebSocket", FakeSocket);
});

const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

function wire() {
  return createTerminalWire({
    api: { post } as unknown as ApiClient,
    serverId: 7,
    openSocket: (path) => {
      log.push(path);
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    after: (ms, run) => {
      waits.push({ ms, run });
      return () => {};
    },
    events: {
      output: (bytes) => void log.push(`out ${new TextDecoder().decode(bytes)}`),
      phase: (phase, detail) => void log.push(detail === undefined ? phase : `${phase} ${detail}`),
      opened: () => void log.push("opened"),
    },
  });
}

async function opened() {
  const terminal = wire();
  terminal.connect();
  await settle();
  sockets[0]?.onopen?.();
  return terminal;
}

test("asks for a session of the server, then attaches to it", async () => {
  await opened();
  expect(post).toHaveBeenCalledWith("/terminal", { server_id: 7 });
  expect(log).toEqual(["opening", "/api/v1/ws/terminal/abc", "open", "opened"]);
});

test("text goes as text, in parts that the dashboard takes; sizes and raw bytes have their marks", async () => {
  const terminal = await opened();
  terminal.input("ls\r");
  terminal.resize(40, 120);
  terminal.raw(new Uint8Array([255]));
  terminal.input("x".repeat(100_000));
  const [line, size, raw, ...parts] = sockets[0]?.sent ?? [];
  expect(line).toBe("ls\r");
  expect(new TextDecoder().decode(size as Uint8Array)).toBe('\u0001{"Rows":40,"Cols":120}');
  expect([...(raw as Uint8Array)]).toEqual([0, 255]);
  expect(parts.map((part) => part.length)).toEqual([65_536, 34_464]);
});

test("a shell that ends is not started again by itself", async () => {
  await opened();
  sockets[0]?.onclose?.({ code: 1000 });
  expect(log.at(-1)).toBe("ended");
  expect(waits).toEqual([]);
});

test("a lost connection is tried again with growing pauses, then given up", async () => {
  await opened();
  post.mockRejectedValue(new Error("unreachable"));
  sockets[0]?.onclose?.({ code: 1006 });
  for (let round = 0; round < 5; round++) {
    waits.at(-1)?.run();
    await settle();
  }
  expect(waits.map(({ ms }) => ms)).toEqual([1000, 2000, 4000, 8000, 15_000]);
  expect(log.at(-1)).toBe("refused unreachable");
});

test("a refusal is told in the dashboard's words and not repeated", async () => {
  post.mockRejectedValue(new Error("permission denied"));
  wire().connect();
  await settle();
  expect(log).toEqual(["opening", "refused permission denied"]);
  expect(waits).toEqual([]);
});

test("closing ends the session and starts nothing", async () => {
  const terminal = await opened();
  terminal.close();
  sockets[0]?.onclose?.({ code: 1006 });
  expect(sockets[0]?.closedWith).toBe(1000);
  expect(log.at(-1)).toBe("opened");
});
