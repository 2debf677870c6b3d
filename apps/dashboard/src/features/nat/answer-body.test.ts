import fc from "fast-check";
import { expect, test } from "vitest";
import { createBodyReader } from "./answer-body.ts";
import type { Framing } from "./answer-head.ts";

/** What a body says when it comes in these pieces. */
function read(framing: Framing, ...pieces: string[]): { text: string; state: string } {
  const reader = createBodyReader(framing);
  let text = "";
  for (const piece of pieces) {
    const { data, state } = reader.take(Buffer.from(piece, "latin1"));
    text += Buffer.concat(data).toString("latin1");
    if (state !== "open") return { text, state };
  }
  return { text, state: reader.isWholeAtEnd() ? "whole at the end" : "cut" };
}
const chunked = (...pieces: string[]) => read({ kind: "chunked" }, ...pieces);
const length = (bytes: number, ...pieces: string[]) => read({ kind: "length", bytes }, ...pieces);
const close = (...pieces: string[]) => read({ kind: "close" }, ...pieces);

test("by length: so many bytes, and none of what follows", () => {
  expect(length(5, "he", "llo", "EOF")).toEqual({ text: "hello", state: "done" });
  expect(length(5, "hello, and more")).toEqual({ text: "hello", state: "done" });
  expect(length(0, "")).toEqual({ text: "", state: "done" });
  expect(length(5, "hell")).toEqual({ text: "hell", state: "cut" });
});

test("without a body whatever follows is not its", () => {
  expect(read({ kind: "none" }, "hello")).toEqual({ text: "", state: "done" });
});

test("until the end: everything, without what official agents say last", () => {
  expect(close("he", "llo")).toEqual({ text: "hello", state: "whole at the end" });
  expect(close("hello", "EOF")).toEqual({ text: "hello", state: "whole at the end" });
  expect(close("EOF", "hello", "EOF", "EOF")).toEqual({ text: "EOFhelloEOF", state: "whole at the end" });
  expect(close("hello EOF")).toEqual({ text: "hello EOF", state: "whole at the end" });
});

test.each([
  ["as the standard says", "5\r\nhello\r\n0\r\n\r\n", "hello", "done"],
  ["lines without carriage returns", "5\nhello\n0\n\n", "hello", "done"],
  ["sizes with zeros, blanks, extensions", "0005 ;a=b\r\nhello\r\n00\r\n\r\n", "hello", "done"],
  ["trailers", "5\r\nhello\r\n0\r\nX: y\r\nZ: a\r\n\r\nrest", "hello", "done"],
  ["the last empty line forgotten", "5\r\nhello\r\n0\r\n", "hello", "whole at the end"],
  ["cut inside of a chunk", "5\r\nhel", "hel", "cut"],
  ["cut between chunks", "5\r\nhello\r\n", "hello", "cut"],
  ["a size that is none", "x\r\nhello\r\n", "", "broken"],
  ["a negative size", "-5\r\nhello\r\n", "", "broken"],
  ["a size beyond all bounds", "fffffffffffff\r\nhello", "", "broken"],
  ["more bytes than said", "3\r\nhello\r\n0\r\n\r\n", "hel", "broken"],
  ["a line without end", "5".repeat(5_000), "", "broken"],
  ["trailers without end", `0\r\n${"X: y\r\n".repeat(12_000)}`, "", "broken"],
])("in chunks: %s", (_what, bytes, text, state) => {
  expect(chunked(bytes)).toEqual({ text, state });
  if (bytes.length < 1_000) expect(chunked(...bytes.split(""))).toEqual({ text, state });
});

test("chunks may be cut anywhere on their way", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: "binary-ascii" })), fc.array(fc.nat(200)), (parts, cuts) => {
      const bytes = `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")}0\r\n\r\n`;
      const points = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
      const pieces = points.slice(1).map((end, at) => bytes.slice(points[at], end));
      expect(chunked(...pieces)).toEqual({ text: parts.join(""), state: "done" });
    }),
  );
});
