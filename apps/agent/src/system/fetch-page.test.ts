import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { fetchPage } from "./fetch-page.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
}

/** Answers `/<n>` with n more redirects. */
const steps: (status: number) => RequestListener = (status) => (request, response) => {
  const left = Number(request.url?.slice(1));
  if (left === 0) response.end("203.0.113.7");
  else response.writeHead(status, { location: `/${left - 1}` }).end("moved");
};

test.each([301, 302, 303, 307, 308])("redirects with status %i are followed, five of them", async (status) => {
  const address = await serve(steps(status));
  expect(await fetchPage(`${address}/5`, 4)).toBe("203.0.113.7");
});

test("a sixth redirect is one too many", async () => {
  const address = await serve(steps(302));
  await expect(fetchPage(`${address}/6`, 4)).rejects.toThrow("more than 5 redirects");
});

test.each(["file:///etc/passwd", "ftp://127.0.0.1/", "http://[", "//"])("a redirect to %s is not followed", async (location) => {
  const address = await serve((_, response) => response.writeHead(302, { location }).end());
  await expect(fetchPage(`${address}/`, 4)).rejects.toThrow("redirects to an address that is not asked");
});

test("a redirect without an address is a page like any other", async () => {
  const address = await serve((_, response) => response.writeHead(302).end("203.0.113.9"));
  expect(await fetchPage(`${address}/`, 4)).toBe("203.0.113.9");
});

test("a page without an end is cut off", async () => {
  const address = await serve((_, response) => response.end("x".repeat(70_000)));
  await expect(fetchPage(`${address}/`, 4)).rejects.toThrow("too large");
});
