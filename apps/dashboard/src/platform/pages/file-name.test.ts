import { resolve, sep } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "./file-name.ts";

test.each([
  ["assets/app.js", "assets/app.js"],
  ["a%20b.txt", "a b.txt"],
  ["..config", undefined],
  ["%2e%2e/config.yaml", undefined],
  ["..%2fconfig.yaml", undefined],
  ["..%5cconfig.yaml", undefined],
  ["/etc/passwd", undefined],
  ["a//b", undefined],
  ["a%00.html", undefined],
  ["%zz", undefined],
  ["", undefined],
  [".env", undefined],
  ["c:/windows", undefined],
])("%s", (encoded, name) => {
  expect(fileName(encoded)).toBe(name);
});

/** GHSA-5c25-7vpj-9mqh: whatever the spelling, the file stays inside the template folder. */
test("no path leaves the folder", () => {
  const piece = fc.constantFrom("..", ".", "%2e", "%2e%2e", "/", "%2f", "\\", "%5c", "%00", "a", "assets", "%25", ";", ":", "~");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const name = fileName(pieces.join(""));
      expect(name === undefined || resolve("/root/theme", name).startsWith(`/root/theme${sep}`)).toBe(true);
    }),
  );
});
