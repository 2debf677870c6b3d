import fc from "fast-check";
import { expect, test } from "vitest";
import { createHeaderDecoder, encodeHeaders } from "./hpack.ts";
import { decodeHuffman } from "./huffman.ts";

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

test.each<[string, string]>([
  ["f1e3 c2e5 f23a 6ba0 ab90 f4ff", "www.example.com"],
  ["a8eb 1064 9cbf", "no-cache"],
  ["d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff", "Mon, 21 Oct 2013 20:13:21 GMT"],
])("Huffman code %s (RFC 7541 appendix C)", (encoded, text) => {
  expect(decodeHuffman(hex(encoded))).toBe(text);
});

test.each(["ff", "fffffffc", "00 00 00 ff ff", "1e"])("Huffman code %s is refused", (encoded) => {
  expect(() => decodeHuffman(hex(encoded))).toThrow(/Huffman/);
});

test("the header blocks of RFC 7541 appendix C.6 build on each other", () => {
  const decoder = createHeaderDecoder();
  const first = decoder.decode(
    hex(
      "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
    ),
  );
  expect(first).toEqual([
    [":status", "302"],
    ["cache-control", "private"],
    ["date", "Mon, 21 Oct 2013 20:13:21 GMT"],
    ["location", "https://www.example.com"],
  ]);
  expect(decoder.decode(hex("4883 640e ffc1 c0bf"))).toEqual([
    [":status", "307"],
    ["cache-control", "private"],
    ["date", "Mon, 21 Oct 2013 20:13:21 GMT"],
    ["location", "https://www.example.com"],
  ]);
});

test.each<[string, string]>([
  ["80", "unknown field number"],
  ["ff ff ff ff ff 0f", "integer too large"],
  ["40 05 61", "text is cut short"],
  ["c6", "unknown field number"],
  ["3f e2 1f", "table size above the limit"],
])("header block %s is refused: %s", (block, reason) => {
  expect(() => createHeaderDecoder().decode(hex(block))).toThrow(reason);
});

test("what is encoded is decoded", () => {
  const text = fc.stringMatching(/^[\x20-\x7e]{0,300}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 10 }), (fields) => {
      expect(createHeaderDecoder().decode(encodeHeaders(fields, (name) => name.length % 2 === 0))).toEqual(fields);
    }),
  );
});

test("any bytes are decoded or refused, never worse", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (blocks) => {
      const decoder = createHeaderDecoder();
      try {
        for (const block of blocks) decoder.decode(block);
      } catch (error) {
        expect(error).toMatchObject({ name: "Http2Error" });
      }
    }),
  );
});
