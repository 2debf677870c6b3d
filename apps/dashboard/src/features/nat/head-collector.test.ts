import { expect, test } from "vitest";
import { createHeadCollector } from "./head-collector.ts";

function collect(...pieces: string[]) {
  const heads = createHeadCollector();
  for (const piece of pieces) {
    const whole = heads.take(Buffer.from(piece, "latin1"));
    if (whole !== undefined) return whole === "too-large" ? whole : [whole.text, whole.rest.toString("latin1")];
  }
  return undefined;
}

test.each([
  ["A: b\r\nC: d\r\n\r\nrest", "A: b\r\nC: d"],
  ["A: b\nC: d\n\nrest", "A: b\nC: d"],
  ["A: b\nC: d\r\n\nrest", "A: b\nC: d"],
  ["\r\n\nA: b\r\n\r\nrest", "A: b"],
])("%j ends at its empty line, also when it comes byte by byte", (text, head) => {
  expect(collect(text)).toEqual([head, "rest"]);
  expect(collect(...text.split(""))?.[0]).toBe(head);
});

test("what does not end is not there yet", () => {
  expect(collect("A: b\r\n", "C: d\r\n", "\r")).toBeUndefined();
});

test("a head has at most 256 KiB, fewer in many pieces; one of 200 KiB is taken", () => {
  expect(collect(`A: ${"b".repeat(200 * 1024)}\r\n\r\n`)).toHaveLength(2);
  expect(collect(`A: ${"b".repeat(256 * 1024)}\r\n\r\n`)).toBe("too-large");
  expect(collect(...Array.from({ length: 5_000 }, () => "b"))).toBe("too-large");
});
