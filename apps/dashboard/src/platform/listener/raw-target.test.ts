import { expect, test } from "vitest";
import { withEncodedTarget } from "./raw-target.ts";

const faultAfter = (before: string) =>
  Object.assign(new Error("invalid URL"), {
    code: "HPE_INVALID_URL",
    rawPacket: Buffer.from(`${before}\u00e4 HTTP/1.1\r\n\r\n`, "latin1"),
    bytesParsed: before.length,
  });

test("a long body before a request with raw bytes is not searched again and again", () => {
  const repaired = withEncodedTarget(faultAfter(`${"A".repeat(4 * 1024 * 1024)}\nGET /`));
  expect(repaired?.toString()).toBe("GET /%E4 HTTP/1.1\r\n\r\n");
});

test.each(["", "/", " /", "get /", "A".repeat(4 * 1024 * 1024)])(
  "without a method before the target there is no request (%#)",
  (before) => {
    expect(withEncodedTarget(faultAfter(before))).toBeUndefined();
  },
);
