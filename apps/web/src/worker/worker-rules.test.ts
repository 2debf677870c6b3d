import { expect, test } from "vitest";
import { assetsAmong, assetsIn, datedPage, handlingOf } from "./worker-rules.ts";

const ORIGIN = "https://status.example.com";
const asked = (path: string, mode = "cors", method = "GET") => handlingOf({ method, mode, url: new URL(path, ORIGIN).href }, ORIGIN);

test.each([
  ["/", "navigate", "page"],
  ["/server/3?tab=events", "navigate", "page"],
  ["/assets/index-abc.js", "cors", "asset"],
  ["/assets/inter-x.woff2", "cors", "asset"],
  ["/assets/flags-1/de.svg", "no-cors", "none"],
  ["/logo.svg", "no-cors", "none"],
  ["https://elsewhere.example.com/assets/a.js", "cors", "none"],
])("%s (%s) is %s", (path, mode, handling) => {
  expect(asked(path, mode)).toBe(handling);
});

test.each([
  "/api/v1/profile",
  "/api/v1/ws/server",
  "/api",
  "/dashboard",
  "/dashboard/",
  "/dashboard/assets/index-abc.js",
  "/mcp",
  "/metrics",
])("%s is never kept, whoever asks and however", (path) => {
  for (const mode of ["navigate", "cors", "no-cors"]) expect(asked(path, mode)).toBe("none");
});

test("what changes something is let through", () => {
  expect(asked("/", "navigate", "POST")).toBe("none");
});

test("a page may ask to keep assets of this site, and nothing else", () => {
  const urls = [
    `${ORIGIN}/assets/a-1.js`,
    "/assets/b-2.css",
    `${ORIGIN}/api/v1/setting`,
    "https://elsewhere.example.com/assets/c.js",
    7,
    "http://[",
  ];
  expect(assetsAmong(urls, ORIGIN)).toEqual([`${ORIGIN}/assets/a-1.js`, `${ORIGIN}/assets/b-2.css`]);
});

test("the stored page names its assets and says when it was stored", () => {
  const html = '<html lang="en"><link href="/assets/a-1.css"><script src="/assets/b-2.js"></script><img src="/logo.svg">';
  expect(assetsIn(html)).toEqual(["/assets/a-1.css", "/assets/b-2.js"]);
  expect(datedPage(html, 5)).toContain('<html data-stored-at="5" lang="en">');
});
