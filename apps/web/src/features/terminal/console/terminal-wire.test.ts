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
const get = vi.fn<(path: string) => Promise<unknown>>();

beforeEach(() => {
  sockets = [];
  waits = [];
  log = [];
  post.mockReset().mockResolvedValue({ session_id: "abc" });
  get.mockReset().mockResolvedValue({});
  vi.stubGlobal("WebSocket", FakeSocket);
});

const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

function wire() {
  return createTerminalWire({
    api: { post, get } as unknown as ApiClient,
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
      renewed: () => void log.push("renewed"),
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
  expect(log).toEqual(["opening", "/api/v1/ws/terminal/abc?keep=true", "open", "opened"]);
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

const AGAIN = "/api/v1/ws/terminal/abc?keep=true&again=true";

test("a lost connection finds its shell again", async () => {
  await opened();
  sockets[0]?.onclose?.({ code: 1006 });
  expect(log.at(-1)).toBe("lost");
  waits.at(-1)?.run();
  sockets[1]?.onopen?.();
  expect(log.slice(-3)).toEqual([AGAIN, "open", "opened"]);
  expect(post).toHaveBeenCalledTimes(1);
});

test("the shell is looked for with growing pauses while nobody answers, for a minute", async () => {
  await opened();
  get.mockRejectedValue(new Error("unreachable"));
  sockets[0]?.onclose?.({ code: 1006 });
  for (let round = 0; round < 7; round++) {
    waits.at(-1)?.run();
    sockets.at(-1)?.onclose?.({ code: 1006 });
    await settle();
  }
  expect(waits.map(({ ms }) => ms)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 20_000]);
  expect(log.at(-1)).toBe("ended");
  expect(post).toHaveBeenCalledTimes(1);
});

test("a shell that is gone is followed by a new one, and that is said", async () => {
  await opened();
  post.mockResolvedValue({ session_id: "def" });
  sockets[0]?.onclose?.({ code: 1006 });
  waits.at(-1)?.run();
  sockets[1]?.onclose?.({ code: 1006 });
  await settle();
  sockets[2]?.onclose?.({ code: 1006 });
  await settle();
  sockets[3]?.onopen?.();
  expect(log.slice(-6)).toEqual([AGAIN, "renewed", "opening", "/api/v1/ws/terminal/def?keep=true", "open", "opened"]);
});

test("what waits is tried at once when the network is back", async () => {
  const terminal = await opened();
  sockets[0]?.onclose?.({ code: 1006 });
  terminal.hurry();
  sockets[1]?.onopen?.();
  terminal.hurry();
  expect(sockets).toHaveLength(2);
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
