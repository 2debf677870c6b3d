import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { createViewer } from "./viewers.ts";

const frame = { plain: Buffer.from("plain"), deflated: Buffer.from("deflated") };

/** A browser that reads when it is told to. */
function browser(options: { extensions?: string; reads?: boolean } = {}) {
  const received: string[] = [];
  const log: string[] = [];
  let taken: (() => void) | undefined;
  const connection = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      received.push(chunk.toString());
      if (options.reads === false) taken = done;
      else done();
    },
  });
  const socket = {
    extensions: options.extensions ?? "",
    readyState: 1,
    OPEN: 1,
    ping: () => void log.push("ping"),
    terminate: () => void log.push("terminate"),
  } as const;
  return { viewer: createViewer(socket, connection), received, log, read: () => taken?.(), connection };
}

test("sockets that agreed on it get the compressed frame", () => {
  const [plain, deflated] = [browser(), browser({ extensions: "permessage-deflate" })];
  expect([plain.viewer.send(frame, 0), deflated.viewer.send(frame, 0)]).toEqual(["sent", "sent"]);
  expect([plain.received, deflated.received]).toEqual([["plain"], ["deflated"]]);
});

test("a browser that does not read skips frames, and gets the newest when it reads again", () => {
  const slow = browser({ reads: false });
  expect(slow.viewer.send(frame, 0)).toBe("sent");
  expect(slow.viewer.send(frame, 2000)).toBe("skipped");
  slow.read();
  expect(slow.viewer.send(frame, 4000)).toBe("sent");
  expect(slow.received).toHaveLength(2);
});

test("a browser that stands still for 10 s is cut; one that moves is not", () => {
  const dead = browser({ reads: false });
  const outcomes = [0, 2000, 6000, 11_999, 12_000].map((now) => dead.viewer.send(frame, now));
  expect(outcomes).toEqual(["sent", "skipped", "skipped", "skipped", "cut"]);
  expect(dead.log).toEqual(["terminate"]);
  const slow = browser({ reads: false });
  slow.connection.write("a page before");
  const moving = [0, 8000].map((now) => slow.viewer.send(frame, now));
  slow.connection.write("more");
  expect([...moving, slow.viewer.send(frame, 16_000), slow.viewer.send(frame, 25_000)]).toEqual([
    "skipped",
    "skipped",
    "skipped",
    "skipped",
  ]);
});

test("nothing follows a close frame", () => {
  const closing = { extensions: "", readyState: 2, OPEN: 1, ping: () => undefined, terminate: () => undefined } as const;
  const { connection, received } = browser();
  expect(createViewer(closing, connection).send(frame, 0)).toBe("skipped");
  expect(received).toEqual([]);
});
