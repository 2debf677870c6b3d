import { expect, test } from "vitest";
import { isFileMissing, whyMissing } from "./missing-part.ts";

test.each([
  [new TypeError("Failed to fetch dynamically imported module: http://x/assets/a.js"), true],
  [new TypeError("error loading dynamically imported module: http://x/assets/a.js"), true],
  [new TypeError("Importing a module script failed."), true],
  [new Error("Unable to preload CSS for /dashboard/assets/a.css"), true],
  [new TypeError("x is not a function"), false],
  ["text", false],
])("%s is about a file that did not come: %s", (error, missing) => {
  expect(isFileMissing(error)).toBe(missing);
});

test("a dashboard that answers has another version, one that does not is away, and so is one that a proxy answers for", async () => {
  expect(await whyMissing(async () => new Response("{}"))).toBe("changed");
  expect(await whyMissing(() => Promise.reject(new TypeError("Failed to fetch")))).toBe("away");
  expect(await whyMissing(async () => new Response("", { status: 502 }))).toBe("away");
});
