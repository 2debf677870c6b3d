import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { GUEST, open, refuseText } from "#kernel";
import { createCompressor } from "#platform/compression";
import type { Compressor } from "#platform/compression";
import { createHttpApp } from "./app.ts";
import { JsonBytes, JsonText } from "./json-text.ts";
import type { Refusal } from "./refusal.ts";
import { route } from "./route.ts";
import { testLimits } from "./testing/index.ts";

const names = Array.from({ length: 200 }, (_, index) => `Überwachung ${index}`);
const JSON_TEXT = JSON.stringify({ success: true, data: names });
const get = (path: string, run: () => JsonText | JsonBytes | string[], more: { secret?: true } = {}) =>
  route({ method: "GET", path, access: open(), summary: "s", tag: "t", data: z.array(z.string()), run, ...more });

const BLOCKED: Refusal = {
  refused: true,
  status: 403,
  headers: {},
  contentType: "text/html; charset=utf-8",
  body: "blocked ".repeat(1000),
};

let server: Server;
let counted = 0;
let faults: unknown[] = [];
let compressor: Compressor;
beforeEach(async () => {
  counted = 0;
  faults = [];
  compressor = createCompressor({ cacheBytes: 100_000, waitingBytes: 100_000 });
  const app = await createHttpApp({
    gate: { address: ({ path }) => (path.endsWith("/counted") ? BLOCKED : { ip: "" }), admit: () => ({ caller: GUEST, cookies: [] }) },
    routes: [
      get("/names", () => names),
      get("/rendered", () => new JsonText(JSON.stringify(names))),
      get("/bytes", () => new JsonBytes(["[", ...names.map((name, at) => Buffer.from(`${at > 0 ? "," : ""}"${name}"`)), "]"])),
      get("/few", () => ["a"]),
      get("/counted", () => [`${(counted += 1)}`]),
      get("/secret", () => names, { secret: true }),
      get("/refused", () => {
        throw refuseText("no ".repeat(1000), 403);
      }),
    ],
    sockets: [],
    translate: (id) => id,
    ...testLimits,
    compressor,
    version: "0.0.0",
    pages: (asked, reply) =>
      asked.visit.path === "/picture"
        ? reply.type("image/png").send(Buffer.alloc(5000))
        : reply.type("text/plain").send("page ".repeat(1000)),
    foreignOrigin: () => false,
    onError: (error) => void faults.push(error),
  });
  server = createServer(app.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  if (faults.length > 0) throw new AggregateError(faults);
});

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function call(path: string, acceptEncoding: string, method = "GET"): Promise<Got> {
  const { port } = server.address() as AddressInfo;
  const { promise, resolve } = Promise.withResolvers<Got>();
  request({ port, path, method, headers: { "accept-encoding": acceptEncoding } }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
    answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
  }).end();
  return promise;
}

describe("generated answers", () => {
  test.each([
    ["/api/v1/names", "gzip, deflate, br"],
    ["/api/v1/rendered", "gzip, deflate, br"],
    ["/api/v1/names", "gzip"],
    ["/api/v1/bytes", "gzip"],
    ["/api/v1/names", "br;q=0, gzip;q=0.5"],
  ])("%s for %j is compressed, with its length, and says on what it depends", async (path, accepted) => {
    const { headers, body } = await call(path, accepted);
    const coding = accepted.endsWith("br") ? "br" : "gzip";
    expect(headers).toMatchObject({ "content-encoding": coding, vary: "Accept-Encoding", "content-length": String(body.length) });
    expect((coding === "br" ? brotliDecompressSync(body) : gunzipSync(body)).toString()).toBe(JSON_TEXT);
    expect(body.length).toBeLessThan(JSON_TEXT.length / 4);
  });

  test.each(["", "deflate", "identity, gzip;q=0.5", "gzip;q=0, br;q=0", "*;q=0"])(
    "stay plain for %j, and say that others get another form",
    async (accepted) => {
      const { headers, body } = await call("/api/v1/names", accepted);
      expect([headers["content-encoding"], headers.vary, body.toString()]).toEqual([undefined, "Accept-Encoding", JSON_TEXT]);
    },
  );

  test("that are short, no text, or hold a credential are never compressed", async () => {
    for (const path of ["/api/v1/few", "/api/v1/secret", "/picture"]) {
      const { headers } = await call(path, "gzip, br");
      expect([headers["content-encoding"], headers.vary], path).toEqual([undefined, undefined]);
    }
  });

  test("of every status, and pages too", async () => {
    expect((await call("/api/v1/refused", "gzip")).headers).toMatchObject({ "content-encoding": "gzip" });
    const page = await call("/somewhere", "gzip");
    expect(gunzipSync(page.body).toString()).toBe("page ".repeat(1000));
    expect((await call("/api/openapi.json", "br")).headers["content-encoding"]).toBe("br");
  });

  test("HEAD has the headers of GET and no body", async () => {
    const [head, whole] = [await call("/somewhere", "gzip", "HEAD"), await call("/somewhere", "gzip")];
    const { date: _first, ...headers } = whole.headers;
    expect(head.headers).toMatchObject(headers);
    expect(head.body).toHaveLength(0);
  });

  test("are compressed once for all who ask", async () => {
    await Promise.all([1, 2, 3].map(async () => call("/api/v1/names", "br")));
    await call("/api/v1/rendered", "br");
    expect(compressor.counters).toEqual({ compressed: 1, reused: 3, busy: 0 });
  });
});

/** Spec 60 section 3: a refusal is the end of a request, whoever hears it. */
describe("a client that is gone before its answer is compressed", () => {
  test.each(["/page", "/api/v1/counted", "/api/v1/names"])("harms nobody and reaches no route that it was refused: %s", async (path) => {
    const { port } = server.address() as AddressInfo;
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const compress = compressor.compress.bind(compressor);
    vi.spyOn(compressor, "compress").mockImplementation(async (bytes, form) => {
      begun.resolve();
      await held.promise;
      return compress(bytes, form);
    });
    const client = connect(port, "127.0.0.1");
    client.on("error", () => undefined);
    client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n`);
    const [connection] = (await once(server, "connection")) as [Socket];
    await begun.promise;
    const gone = Promise.withResolvers<void>();
    connection.once("close", gone.resolve);
    client.resetAndDestroy();
    await gone.promise;
    await call("/few", "identity");
    held.resolve();
    await call("/few", "identity");
    expect([faults, counted]).toEqual([[], 0]);
  });
});
