import fc from "fast-check";
import { expect, test } from "vitest";
import { alphabetOf, createIdCodec } from "./id-codec.ts";

const KEY = "this-is-a-32-byte-master-key-ok!";

test("the alphabet of the published vector", () => {
  expect(alphabetOf(KEY)).toBe("DV5bwMWosyz8SJUqZdiGxHBRkKfC2hFpNj7mTP6r3ceX4QuEgantAvY9L");
});

test.each([
  [1, "T9Aymshv"],
  [2, "Eu9UQbF3"],
  [42, "KUhbFUSV"],
  [1_000_000, "Db8iMFCV"],
])("%i is %s", (id, text) => {
  const codec = createIdCodec(KEY);
  expect(codec.encode(id)).toBe(text);
  expect(codec.decode(text)).toBe(id);
});

test("every id comes back, and only its own text gives it", () => {
  const codec = createIdCodec(KEY);
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.string(), (id, text) => {
      expect(codec.decode(codec.encode(id))).toBe(id);
      const decoded = codec.decode(text);
      if (decoded !== undefined) expect(codec.encode(decoded)).toBe(text);
    }),
  );
});

test.each(["", "!!", "T9Aymshv ", "aaaaaaaa"])("%j is no id", (text) => {
  expect(createIdCodec(KEY).decode(text)).toBeUndefined();
});

test("a key of less than 32 bytes is refused", () => {
  expect(() => createIdCodec("x".repeat(31))).toThrow("idcodec: master key too short");
  expect(() => createIdCodec("ü".repeat(16))).not.toThrow();
});
