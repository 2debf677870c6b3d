import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeIOStreamData, encodeIOStreamData, encodeReceipt } from "../codec/messages.gen.ts";
import { createMessageSplitter, frameMessage, FramingError, MAX_MESSAGE_BYTES, type MessageSplitter } from "./framing.ts";

function drain(splitter: MessageSplitter): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let message = splitter.next(); message !== undefined; message = splitter.next()) messages.push(Uint8Array.from(message));
  return messages;
}

test("a framed receipt", () => {
  expect(Buffer.from(frameMessage(encodeReceipt, { proced: true })).toString("hex")).toBe("00000000020801");
});

test("messages come out whole however their bytes are cut", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 3_000, size: "max" }), { maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 });
  fc.assert(
    fc.property(messages, cuts, (sent, sizes) => {
      const wire = Buffer.concat(sent.map((data) => frameMessage(encodeIOStreamData, { data })));
      const splitter = createMessageSplitter();
      const received: Uint8Array[] = [];
      for (let at = 0, index = 0; at < wire.length; index += 1) {
        const size = sizes[index % sizes.length] ?? 1;
        splitter.push(wire.subarray(at, at + size));
        received.push(...drain(splitter).map((message) => decodeIOStreamData(message).data));
        at += size;
      }
      expect(received.map((data) => [...data])).toEqual(sent.map((data) => [...data]));
      expect(splitter.unfinished()).toBe(false);
    }),
  );
});

test("an empty message is a message", () => {
  const splitter = createMessageSplitter();
  splitter.push(Uint8Array.of(0, 0, 0, 0, 0));
  expect(drain(splitter)).toEqual([new Uint8Array(0)]);
});

test("says when it is inside a message", () => {
  const splitter = createMessageSplitter();
  splitter.push(Uint8Array.of(0, 0));
  expect(splitter.next()).toBeUndefined();
  expect(splitter.unfinished()).toBe(true);
  splitter.push(Uint8Array.of(0, 0, 1, 7));
  expect(drain(splitter)).toEqual([Uint8Array.of(7)]);
  expect(splitter.unfinished()).toBe(false);
});

test("bytes pushed before all messages were taken are not lost", () => {
  const splitter = createMessageSplitter();
  splitter.push(Uint8Array.of(0, 0, 0, 0, 1, 1, 0, 0, 0));
  splitter.push(Uint8Array.of(0, 1, 2));
  expect(drain(splitter)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

test.each([
  ["a length above the limit", [0, 0, 0x40, 0, 1], "too-large", MAX_MESSAGE_BYTES + 1],
  ["the largest length", [0, 0xff, 0xff, 0xff, 0xff], "too-large", 2 ** 32 - 1],
  ["a compressed flag", [1, 0, 0, 0, 2], "compressed", 2],
  ["an unknown flag", [2, 0, 0, 0, 2], "compressed", 2],
])("%s ends the call before its bytes are kept", (_, prefix, fault, length) => {
  for (const cut of [5, 3]) {
    const splitter = createMessageSplitter();
    splitter.push(Uint8Array.from(prefix.slice(0, cut)));
    const read = () => {
      splitter.next();
      splitter.push(Uint8Array.from(prefix.slice(cut)));
      splitter.next();
    };
    expect(read).toThrow(FramingError);
    expect(read).toThrow(expect.objectContaining({ fault, length }));
  }
});

test("a message of exactly the limit passes", () => {
  const splitter = createMessageSplitter(10);
  splitter.push(Uint8Array.of(0, 0, 0, 0, 10, ...Array.from({ length: 10 }, () => 9)));
  expect(drain(splitter)[0]).toHaveLength(10);
});
