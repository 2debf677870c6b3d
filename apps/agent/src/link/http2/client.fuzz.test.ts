import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createHttp2Client } from "./client.ts";
import { frameBytes, settingsFrame } from "./frames.ts";

/** A socket whose other end is the test. */
function socketPair(): { socket: Duplex; say: (bytes: Buffer) => void; written: () => number } {
  let written = 0;
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      written += chunk.length;
      done();
    },
  });
  return { socket, say: (bytes) => void socket.push(bytes), written: () => written };
}

const byte = fc.integer({ min: 0, max: 255 });
const frame = fc
  .record({
    type: fc.oneof(fc.integer({ min: 0, max: 9 }), byte),
    flags: byte,
    stream: fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.nat()),
    payload: fc.uint8Array({ maxLength: 60 }),
  })
  .map(({ type, flags, stream, payload }) => frameBytes(type, flags, stream & 0x7f_ff_ff_ff, payload));
/** Often a start that is right, so that what follows is looked at. */
const talk = fc.record({
  isPolite: fc.boolean(),
  parts: fc.array(fc.oneof({ arbitrary: frame, weight: 6 }, { arbitrary: fc.uint8Array({ maxLength: 40 }).map(Buffer.from), weight: 1 }), {
    maxLength: 12,
  }),
  cuts: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }),
});

test("whatever the other side says, and however it is cut, the client throws nothing and each request ends once", async () => {
  await fc.assert(
    fc.asyncProperty(talk, async ({ isPolite, parts, cuts }) => {
      const { socket, say, written } = socketPair();
      const client = createHttp2Client(socket, {
        isSecret: () => false,
        windowBytes: 65_535,
        maxWaitingBytes: 1024 * 1024,
        monotonic: () => 0,
      });
      const ends = [0, 0, 0];
      const requests = ends.map((_, index) =>
        client.request([[":method", "POST"]], {
          onHeaders: () => expect(ends[index]).toBe(0),
          onData: () => expect(ends[index]).toBe(0),
          onClose: () => void (ends[index] = (ends[index] ?? 0) + 1),
        }),
      );
      requests[0]?.write(new Uint8Array(100_000));
      requests[0]?.end();
      const bytes = Buffer.concat([isPolite ? settingsFrame([]) : Buffer.alloc(0), ...parts]);
      let at = 0;
      for (const cut of cuts) {
        say(bytes.subarray(at, at + cut));
        at += cut;
      }
      say(bytes.subarray(at));
      await new Promise((resolve) => setImmediate(resolve));
      client.destroy("over");
      await client.closed;
      expect(ends).toEqual([1, 1, 1]);
      expect(written()).toBeLessThan(300_000);
    }),
    { numRuns: 500 },
  );
});
