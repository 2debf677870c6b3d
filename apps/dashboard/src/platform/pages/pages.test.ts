import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHttpApp } from "#platform/http";
import { testLimits } from "#platform/http/testing";
import type { HttpApp } from "#platform/http";
import { createPages, listTemplates } from "./index.ts";
import type { TemplateFolders } from "./index.ts";

/** Front ends from real folders over a real server (spec 10 section 17). */
const SCRIPT = "console.log('windfire');".repeat(50);
const PAGE =
  '<!doctype html><html><head><!--wf-first-screen--><!--wf-data--><script type="module" nonce="__CSP_NONCE__" src="/assets/app-1a2b.js"></script></head></html>';

let root: string;
let folders: TemplateFolders;
let app: HttpApp;
let server: Server;
let port: number;
let look: { template: string; customCode: boolean };
let embedded: string | undefined;

async function put(path: string, text: string | Buffer): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "windfire-pages-"));
  folders = { themes: join(root, "themes"), publicHalf: join(root, "own/public"), consoleHalf: join(root, "own/console") };
  await put("own/public/index.html", PAGE);
  await put("own/public/assets/app-1a2b.js", SCRIPT);
  await put("own/public/assets/app-1a2b.js.br", brotliCompressSync(SCRIPT));
  await put("own/public/assets/app-1a2b.js.gz", gzipSync(SCRIPT));
  await put("own/public/favicon.svg", "<svg/>");
  await put("own/console/index.html", "<html>console</html>");
  await put("themes/data/config.yaml", "jwt_secret_key: secret");
  await put("themes/data/index.html", "a folder of data that looks like a theme");
  await put("themes/secret.txt", "secret");
  look = { template: "user-dist", customCode: false };
  embedded = undefined;
  const pages = createPages({
    compressor: testLimits.compressor,
    folders,
    appearance: (half) => (half === "public" ? look : { template: "admin-dist", customCode: false }),
    siteName: () => 'Fleet "A"',
    embed: async () => embedded,
    elsewhere: () => 'Give it a "sub-domain" <&>.',
    firstScreen: async (data) => ({ html: `<p>drawn of ${data.length} characters, __CSP_NONCE__</p>`, data }),
  });
  app = await createHttpApp({
    gate: { address: () => ({ ip: "" }), admit: () => ({ caller: { kind: "guest" }, cookies: [] }) },
    routes: [],
    sockets: [],
    translate: (id) => id,
    ...testLimits,
    version: "0.0.0",
    pages,
    foreignOrigin: () => false,
    onError: (error) => {
      throw error;
    },
  });
  server = createServer(app.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
  await rm(root, { recursive: true, force: true });
});

/** The path goes over the wire as it is: no client tidies it up. */
async function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join("")}\r\n`);
  await once(socket, "close");
  const answer = Buffer.concat(chunks);
  const end = answer.indexOf("\r\n\r\n");
  const [first = "", ...rest] = answer.subarray(0, end).toString().split("\r\n");
  const header = new Map(rest.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]));
  return { status: Number(first.split(" ")[1]), header, body: answer.subarray(end + 4), text: answer.subarray(end + 4).toString() };
}

describe("which document comes", () => {
  test.each([
    ["/", 200, "app-1a2b"],
    ["/server/3", 200, "app-1a2b"],
    ["/nowhere", 404, "app-1a2b"],
    ["/index.html", 200, "app-1a2b"],
    ["/assets/", 404, "app-1a2b"],
    ["/dashboard/", 200, "console"],
    ["/dashboard/login", 200, "console"],
    ["/dashboard/terminal/7", 200, "console"],
    ["/dashboard/nowhere", 404, "console"],
    ["/dashboardish", 404, "app-1a2b"],
    ["/api/v2/nothing", 404, '{"success":false,"error":"404 Not Found"}'],
    ["/apifoo", 404, '{"success":false,"error":"404 Not Found"}'],
  ])("%s: %i", async (path, status, text) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });

  test("/dashboard leads to /dashboard/ without its query", async () => {
    const answer = await get("/dashboard?x=1");
    expect([answer.status, answer.header.get("location")]).toEqual([301, "/dashboard/"]);
  });

  test("HEAD has the headers of GET and no body", async () => {
    for (const path of ["/", "/favicon.svg"]) {
      const [head, whole] = [await get(path, {}, "HEAD"), await get(path)];
      expect(head.text).toBe("");
      expect(head.header.get("content-length")).toBe(String(whole.body.length));
    }
  });

  test("without any start page: 404 in JSON", async () => {
    await rm(join(root, "own"), { recursive: true });
    expect(await get("/")).toMatchObject({ status: 404, text: '{"success":false,"error":"404 Not Found"}' });
  });
});

/** GHSA-5c25-7vpj-9mqh. */
describe("GHSA-5c25-7vpj-9mqh: nothing but the chosen front end's files is served", () => {
  test.each([
    "/dashboard../data/config.yaml",
    "/dashboard%2e%2e%2fdata%2fconfig.yaml",
    "/dashboard/../data/config.yaml",
    "/dashboard/%2e%2e/%2e%2e/themes/secret.txt",
    "/%2e%2e/data/config.yaml",
    "/../data/config.yaml",
    "/..%2f..%2fthemes%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/..\\..\\themes\\secret.txt",
    "/%5c..%5csecret.txt",
    "/assets/..%00/secret.txt",
    "/%00",
    "/%E0%A4%A",
    "/.env",
  ])("%s", async (path) => {
    const answer = await get(path);
    expect([301, 400, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/secret|root:/);
  });

  test("no path of these pieces reads what lies outside", async () => {
    const piece = fc.constantFrom(
      "..",
      "%2e%2e",
      "%252e",
      "/",
      "%2f",
      "\\",
      "%5c",
      "%00",
      "themes",
      "secret.txt",
      "data",
      "config.yaml",
      "assets",
      "dashboard",
      ".",
      "//",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => !(await get(`/${pieces.join("")}`)).text.includes("secret")),
      { numRuns: 150 },
    );
  });

  test("a symbolic link that leaves the folder is not followed, one inside is", async () => {
    await symlink(join(root, "themes/secret.txt"), join(root, "own/public/out.txt"));
    await symlink(join(root, "themes"), join(root, "own/public/themes"));
    await symlink(join(root, "own/public/favicon.svg"), join(root, "own/public/in.svg"));
    expect((await get("/out.txt")).text).not.toContain("secret");
    expect((await get("/themes/secret.txt")).text).not.toContain("secret");
    expect(await get("/in.svg")).toMatchObject({ status: 200, text: "<svg/>" });
  });

  test("a folder of data is never a theme, whatever the configuration says", async () => {
    look = { template: "data", customCode: false };
    expect((await get("/config.yaml")).text).not.toContain("secret");
    expect((await get("/")).text).toContain("app-1a2b");
  });
});

describe("files", () => {
  test("names with a hash never change; others are asked for again", async () => {
    expect((await get("/assets/app-1a2b.js")).header.get("cache-control")).toContain("immutable");
    expect((await get("/favicon.svg")).header.get("cache-control")).toBe("no-cache");
  });

  test("the type comes from the name and is not guessed", async () => {
    const { header } = await get("/assets/app-1a2b.js");
    expect(header.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(header.get("x-content-type-options")).toBe("nosniff");
  });

  test("unchanged files are 304, by tag and by time", async () => {
    const { header } = await get("/favicon.svg");
    expect(await get("/favicon.svg", { "if-none-match": header.get("etag") ?? "" })).toMatchObject({ status: 304, text: "" });
    expect(await get("/favicon.svg", { "if-modified-since": header.get("last-modified") ?? "" })).toMatchObject({ status: 304, text: "" });
    await put("own/public/favicon.svg", "<svg>new</svg>");
    await utimes(join(root, "own/public/favicon.svg"), new Date(), new Date(Date.now() + 60_000));
    expect(await get("/favicon.svg", { "if-none-match": header.get("etag") ?? "" })).toMatchObject({ status: 200, text: "<svg>new</svg>" });
  });

  test("parts of files: 206, and 416 for what is not there", async () => {
    const part = await get("/assets/app-1a2b.js", { range: "bytes=0-6", "accept-encoding": "br" });
    expect(part).toMatchObject({ status: 206, text: "console" });
    expect(part.header.get("content-range")).toBe(`bytes 0-6/${SCRIPT.length}`);
    expect(part.header.has("content-encoding")).toBe(false);
    const beyond = await get("/assets/app-1a2b.js", { range: "bytes=99999-" });
    expect(beyond.status).toBe(416);
    expect(beyond.header.get("content-range")).toBe(`bytes */${SCRIPT.length}`);
  });

  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["gzip;q=0.5, br;q=0", "gzip"],
    ["identity", undefined],
    ["", undefined],
  ])("a compressed twin for Accept-Encoding %j: %s", async (accepted, encoding) => {
    const answer = await get("/assets/app-1a2b.js", accepted === "" ? {} : { "accept-encoding": accepted });
    expect(answer.header.get("content-encoding")).toBe(encoding);
    expect(answer.header.get("vary")).toBe("Accept-Encoding");
    expect(answer.header.get("content-type")).toBe("text/javascript; charset=utf-8");
    const twin = { br: brotliCompressSync(SCRIPT), gzip: gzipSync(SCRIPT) }[encoding ?? ""] ?? Buffer.from(SCRIPT);
    expect(answer.body.equals(twin)).toBe(true);
  });
});

describe("our own start page", () => {
  const policyOf = (header: Map<string, string>): string => header.get("content-security-policy") ?? "";

  test("has a policy that lets through its own scripts alone, by a nonce that is new each time", async () => {
    const [first, second] = [await get("/"), await get("/")];
    const nonces = [first, second].map(({ text, header }) => {
      const [, nonce = ""] = /nonce="([^"]+)"/.exec(text) ?? [];
      expect(policyOf(header)).toContain(`script-src 'self' 'nonce-${nonce}'`);
      expect(policyOf(header)).not.toContain("unsafe-eval");
      return nonce;
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test("opens its policy for custom code, while there is any", async () => {
    look = { template: "user-dist", customCode: true };
    expect(policyOf((await get("/")).header)).not.toContain("script-src");
    expect(policyOf((await get("/")).header)).toContain("object-src 'none'");
  });

  test("may be shown in a frame of this site alone, but for the pages that are made for frames of others", async () => {
    const ancestorsOf = async (path: string) => /frame-ancestors [^;]+/.exec(policyOf((await get(path)).header))?.[0];
    for (const customCode of [false, true]) {
      look = { template: "user-dist", customCode };
      for (const path of ["/", "/server/3", "/wall", "/embed/server/", "/embed/other/3", "/dashboard/embed/server/3"])
        expect(await ancestorsOf(path)).toBe("frame-ancestors 'self'");
      for (const path of ["/embed/server/3", "/embed/service/3"]) expect(await ancestorsOf(path)).toBe("frame-ancestors *");
    }
  });

  test("has a manifest with the name of the site, which a theme does not get", async () => {
    const { text, header } = await get("/manifest.webmanifest");
    expect(header.get("content-type")).toBe("application/manifest+json; charset=utf-8");
    expect(JSON.parse(text)).toMatchObject({ name: 'Fleet "A"', start_url: "/", display: "standalone" });
    await put("themes/night/index.html", PAGE);
    look = { template: "night", customCode: false };
    expect((await get("/manifest.webmanifest")).status).toBe(404);
  });

  test("the first screen stands in the start page that has data, and nowhere else", async () => {
    expect((await get("/")).text).not.toContain("drawn of");
    embedded = "{}";
    const page = (await get("/")).text;
    expect(page).toContain("<p>drawn of 2 characters, __CSP_NONCE__</p>");
    expect(page.indexOf("drawn of")).toBeLessThan(page.indexOf('id="wf-data"'));
    for (const path of ["/?view=table", "/server/3", "/nowhere", "/dashboard/"]) expect((await get(path)).text).not.toContain("drawn of");
    look = { template: "user-dist", customCode: true };
    expect((await get("/")).text).not.toContain("drawn of");
  });

  test("embeds values that cannot end their element", async () => {
    embedded = JSON.stringify({ name: "</script><script>alert(1)</script><!--$&" });
    const { text } = await get("/");
    expect(text).not.toContain("</script><script>alert");
    const [, json = ""] = /id="wf-data"[^>]*>(.*?)<\/script>/.exec(text) ?? [];
    expect(json).toBe(embedded.replaceAll("<", String.raw`\u003c`));
    expect(JSON.parse(json)).toEqual(JSON.parse(embedded));
  });

  test("is read again when it has changed", async () => {
    await get("/");
    await put("own/public/index.html", "<html>rebuilt</html>");
    await utimes(join(root, "own/public/index.html"), new Date(), new Date(Date.now() + 60_000));
    expect((await get("/")).text).toBe("<html>rebuilt</html>");
  });
});

describe("themes", () => {
  test("a folder's start page is sent as it is, without a policy and without embedded values", async () => {
    await put("themes/night/index.html", PAGE);
    look = { template: "night", customCode: false };
    embedded = "{}";
    const { text, header } = await get("/");
    expect(text).toBe(PAGE);
    expect(header.has("content-security-policy")).toBe(false);
  });

  test("a folder of our own half's name overrides single files of it", async () => {
    await put("themes/user-dist/favicon.svg", "<svg>theirs</svg>");
    expect((await get("/favicon.svg")).text).toBe("<svg>theirs</svg>");
    expect((await get("/assets/app-1a2b.js")).status).toBe(200);
    expect((await get("/")).header.has("content-security-policy")).toBe(true);
  });

  test.each(["missing", "../themes/night", "", ".hidden", "a/b"])("theme %j: ours is shown", async (template) => {
    look = { template, customCode: false };
    expect((await get("/")).text).toContain("app-1a2b");
  });

  test("the list: our halves first, then folders with a start page by name, neither data nor hidden ones", async () => {
    await put("themes/night/index.html", "x");
    await put("themes/admin-night/index.html", "x");
    await put("themes/empty/readme.md", "x");
    await put("themes/.git/index.html", "x");
    const templates = await listTemplates(folders, "1.2.3");
    expect(templates.map(({ path, is_admin, is_official }) => [path, is_admin ?? false, is_official ?? false])).toEqual([
      ["admin-dist", true, true],
      ["user-dist", false, true],
      ["admin-night", true, false],
      ["night", false, false],
    ]);
  });
});

describe("compression", () => {
  const unzipped = ({ body }: { body: Buffer }): string => gunzipSync(body).toString();
  const nonceOf = (html: string): string => /nonce="([\w-]+)"/.exec(html)?.[1] ?? "";

  test("our own page is made of pieces that are compressed once, with a nonce of its own each time", async () => {
    embedded = JSON.stringify({ names: ["__CSP_NONCE__", "<!--wf-data-->", "</script>"], text: "overview ".repeat(500) });
    const { compressed } = testLimits.compressor.counters;
    const [first, second] = [await get("/", { "accept-encoding": "gzip, br" }), await get("/", { "accept-encoding": "gzip, br" })];
    const made = testLimits.compressor.counters.compressed - compressed;
    expect(first.header.get("content-encoding")).toBe("gzip");
    expect(first.header.get("vary")).toBe("Accept-Encoding");
    expect(first.header.get("content-length")).toBe(String(first.body.length));
    expect(nonceOf(unzipped(first))).not.toBe(nonceOf(unzipped(second)));
    expect(first.header.get("content-security-policy")).toContain(`'nonce-${nonceOf(unzipped(first))}'`);
    const plain = await get("/");
    expect(unzipped(first).replaceAll(nonceOf(unzipped(first)), "N")).toBe(plain.text.replaceAll(nonceOf(plain.text), "N"));
    expect(unzipped(first)).toContain('["__CSP_NONCE__","\\u003c!--wf-data-->","\\u003c/script>"]');
    await get("/", { "accept-encoding": "gzip" });
    expect(testLimits.compressor.counters.compressed - compressed).toBe(made);
  });

  test("HEAD of a compressed page has the headers of GET", async () => {
    const accept = { "accept-encoding": "gzip" };
    const [head, whole] = [await get("/nowhere", accept, "HEAD"), await get("/nowhere", accept)];
    expect([head.status, head.text, head.header.get("content-encoding")]).toEqual([404, "", "gzip"]);
    expect(head.header.get("content-length")).toBe(String(whole.body.length));
  });

  describe("of a theme", () => {
    const script = "console.log('theme');".repeat(200);
    beforeEach(async () => {
      await put("themes/mine/index.html", `<html>${"theme ".repeat(500)}</html>`);
      await put("themes/mine/app.js", script);
      await put("themes/mine/photo.png", Buffer.alloc(5000));
      look = { template: "mine", customCode: false };
    });

    test("its texts are compressed, its pictures are not, its bytes are not touched", async () => {
      const accept = { "accept-encoding": "gzip" };
      const [page, text, photo] = [await get("/", accept), await get("/app.js", accept), await get("/photo.png", accept)];
      expect(unzipped(page)).toBe(`<html>${"theme ".repeat(500)}</html>`);
      expect(unzipped(text)).toBe(script);
      expect(photo.body).toEqual(Buffer.alloc(5000));
      expect([page, text, photo].map(({ header }) => header.get("vary"))).toEqual(["Accept-Encoding", "Accept-Encoding", undefined]);
    });

    test("tags, ranges and HEAD stay right", async () => {
      const accept = { "accept-encoding": "gzip" };
      const whole = await get("/app.js", accept);
      const tag = whole.header.get("etag") ?? "";
      expect(tag).toMatch(/^W\//);
      const unchanged = await get("/app.js", { ...accept, "if-none-match": tag });
      expect([unchanged.status, unchanged.text, unchanged.header.get("vary")]).toEqual([304, "", "Accept-Encoding"]);
      const part = await get("/app.js", { ...accept, range: "bytes=0-6" });
      expect([part.status, part.text, part.header.get("content-encoding")]).toEqual([206, "console", undefined]);
      const head = await get("/app.js", accept, "HEAD");
      expect([head.text, head.header.get("content-length")]).toEqual(["", String(whole.body.length)]);
      expect((await get("/app.js")).text).toBe(script);
    });
  });

  test("our own files come in the form that the client wants most", async () => {
    const codingOf = async (accepted: string) =>
      (await get("/assets/app-1a2b.js", { "accept-encoding": accepted })).header.get("content-encoding");
    expect(await codingOf("gzip, br")).toBe("br");
    expect(await codingOf("br;q=0.2, gzip;q=0.9")).toBe("gzip");
    expect(await codingOf("identity, br;q=0.5")).toBeUndefined();
    expect(await codingOf("*")).toBe("br");
  });
});

test("a page carries where it was asked for and what to say elsewhere, under its nonce and whatever the path holds", async () => {
  await put("own/public/index.html", PAGE.replace("<head>", "<head><!--wf-place-->"));
  const response = await fetch(`http://127.0.0.1:${port}/%22%3Cb%3E&x`);
  const html = await response.text();
  const [, nonce] = /'nonce-([\w-]+)'/.exec(response.headers.get("content-security-policy") ?? "") ?? [];
  expect(html).toContain(
    `<script nonce="${nonce}" data-path="/%22%3Cb%3E&amp;x" data-text="Give it a &quot;sub-domain&quot; &lt;&amp;>.">`,
  );
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('data-path="/" data-known="yes"');
});
