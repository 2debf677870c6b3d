import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import {
  formatFileRequest,
  formatNatOrder,
  formatStreamOrder,
  MCP_TRANSFER_CAP,
  parseFileResponse,
  parseHandshake,
  parseMcpFrame,
  TASK,
} from "@windfire/protocol";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../log.ts";
import { createPathLocks } from "../tasks/mcp/index.ts";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { createTestAgent } from "../testing/test-agent.ts";
import type { TestAgent } from "../testing/test-agent.ts";
import { runFileManager } from "./file-manager.ts";
import { createMcpTransfer } from "./mcp-transfer.ts";
import { createNat } from "./nat.ts";

const STREAM_ID = "8db59ce5-ec2b-aafd-1455-1dd70e7b0f1c";

let dashboard: FakeDashboard;
let agent: TestAgent;
let folder: string;
const closers: (() => void)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-streams-"));
  dashboard = await startFakeDashboard();
  const log = createLog({ write: () => undefined, now: () => 0, isDebug: () => false });
  agent = createTestAgent({
    server: dashboard.address,
    kinds: new Map([
      [TASK.nat, createNat({ clock: systemClock, lookUp: (host) => Promise.resolve(host) })],
      [TASK.fileManager, runFileManager],
      [TASK.mcpFsTransfer, createMcpTransfer({ clock: systemClock, log, withLock: createPathLocks(false) })],
    ]),
  });
  agent.link.start();
  await dashboard.next("State");
});
afterEach(async () => {
  await agent.stop();
  await dashboard.close();
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

/** The next frame that is not empty. */
async function frame(): Promise<Buffer> {
  const { message } = await dashboard.next("IOStreamData", (one) => one.message.data.length > 0);
  return Buffer.from(message.data);
}

async function expectAttached(): Promise<void> {
  expect(parseHandshake(await frame())).toBe(STREAM_ID);
}

const streamEnd = () => dashboard.next("half-close", ({ method }) => method === "IOStream");

describe("tunnel", () => {
  async function backend(onConnection: (socket: Socket) => void): Promise<string> {
    const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => server.close());
    const address = server.address();
    return `127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  }
  const open = (host: string): void => dashboard.send({ type: 9, data: formatNatOrder({ streamId: STREAM_ID, host }) });

  test("what a backend says before it breaks off arrives, while the dashboard goes on sending", async () => {
    const host = await backend((socket) => {
      socket.once("data", () => {
        socket.pause();
        socket.write("413", () => socket.resetAndDestroy());
      });
    });
    open(host);
    await expectAttached();
    const upload = Buffer.alloc(100_000);
    for (let count = 0; count < 20; count++) dashboard.relay(upload);
    expect((await frame()).toString()).toBe("413");
    await streamEnd();
  });

  test("bytes go both ways, in frames of ten kibibytes, and the end of the backend ends the stream", async () => {
    const host = await backend((socket) => {
      socket.once("data", (bytes) => {
        socket.write(bytes.toString().toUpperCase());
        socket.end(Buffer.alloc(50_000, "z"));
      });
    });
    open(host);
    await expectAttached();
    dashboard.relay(Buffer.from("hello"));
    let received = Buffer.alloc(0);
    while (received.length < 50_005) {
      const bytes = await frame();
      expect(bytes.length).toBeLessThanOrEqual(10_240);
      received = Buffer.concat([received, bytes]);
    }
    expect(received.toString()).toBe(`HELLO${"z".repeat(50_000)}`);
    await streamEnd();
  });

  test("the end of the stream closes the backend", async () => {
    const closed = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    open(
      await backend((socket) => {
        opened.resolve();
        socket.on("end", () => closed.resolve());
        socket.resume();
      }),
    );
    await expectAttached();
    await opened.promise;
    dashboard.endRelay();
    await closed.promise;
  });

  test("the end of the connection closes the backend", async () => {
    const closed = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    open(
      await backend((socket) => {
        opened.resolve();
        socket.on("end", () => closed.resolve());
        socket.resume();
      }),
    );
    await opened.promise;
    dashboard.cut();
    expect(await closed.promise).toBeUndefined();
  });

  test.each(["127.0.0.1:1", "nonsense", "127.0.0.1:99999"])("%s cannot be reached: attached, then ended", async (host) => {
    open(host);
    await expectAttached();
    await streamEnd();
  });

  test("a large body passes whole although the backend reads slowly", async () => {
    const size = 5_000_000;
    const received = Promise.withResolvers<number>();
    open(
      await backend((socket) => {
        let count = 0;
        socket.on("data", (bytes: Buffer) => {
          count += bytes.length;
          socket.pause();
          setImmediate(() => socket.resume());
          if (count >= size) received.resolve(count);
        });
      }),
    );
    await expectAttached();
    for (let sent = 0; sent < size; sent += 500_000) dashboard.relay(Buffer.alloc(500_000));
    expect(await received.promise).toBe(size);
  });
});

describe("file manager", () => {
  async function open(): Promise<void> {
    dashboard.send({ type: 11, data: formatStreamOrder({ streamId: STREAM_ID }) });
    await expectAttached();
  }
  const ask = (request: Parameters<typeof formatFileRequest>[0]): void => dashboard.relay(formatFileRequest(request));
  const response = async () => parseFileResponse(await frame());

  test("lists a folder in the order of names", async () => {
    await open();
    writeFileSync(join(folder, "b.txt"), "");
    writeFileSync(join(folder, "Ä"), "");
    mkdirSync(join(folder, "a"));
    ask({ kind: "list", path: folder });
    expect(await response()).toEqual({
      kind: "listing",
      path: folder,
      entries: [
        { kind: "directory", name: "a" },
        { kind: "file", name: "b.txt" },
        { kind: "file", name: "Ä" },
      ],
    });
  });

  test("a folder that cannot be read is answered with the home of the user, not of the variable", async () => {
    await open();
    for (const path of ["", join(folder, "missing")]) {
      ask({ kind: "list", path });
      expect(await response()).toMatchObject({ kind: "listing", path: `${userInfo().homedir}/` });
    }
    expect(homedir()).toBeTypeOf("string");
  });

  test("downloads in chunks of a mebibyte", async () => {
    await open();
    const content = Buffer.alloc(2_500_000, "0123456789");
    writeFileSync(join(folder, "big"), content);
    ask({ kind: "download", path: join(folder, "big") });
    expect(await response()).toEqual({ kind: "download", size: content.length });
    let received = Buffer.alloc(0);
    while (received.length < content.length) {
      const chunk = await frame();
      expect(chunk.length).toBeLessThanOrEqual(1024 * 1024);
      received = Buffer.concat([received, chunk]);
    }
    expect(received.equals(content)).toBe(true);
  });

  test("what cannot be downloaded says why", async () => {
    await open();
    writeFileSync(join(folder, "empty"), "");
    for (const [name, text] of [
      ["empty", "requested file is empty"],
      ["missing", "open download file: no such file or directory"],
      ["", `read ${folder}/: is a directory`],
    ]) {
      ask({ kind: "download", path: join(folder, "/", name ?? "") });
      expect(await response()).toEqual({ kind: "error", text });
    }
  });

  test("uploads in several messages, the last one longer than announced, then takes the next request", async () => {
    await open();
    const path = join(folder, "up");
    writeFileSync(path, "what was there before");
    ask({ kind: "upload", path, size: 7 });
    dashboard.relay(Buffer.from("abc"));
    dashboard.relay(new Uint8Array(0));
    dashboard.relay(Buffer.from("defgh"));
    expect(await response()).toEqual({ kind: "uploaded" });
    expect(readFileSync(path, "utf8")).toBe("abcdefgh");
    ask({ kind: "upload", path, size: 0 });
    expect(await response()).toEqual({ kind: "uploaded" });
    expect(readFileSync(path, "utf8")).toBe("");
  });

  test("an upload that is given up leaves the file as it was, and nothing beside it", async () => {
    await open();
    const path = join(folder, "kept");
    writeFileSync(path, "what was there before", { mode: 0o640 });
    ask({ kind: "upload", path, size: 1000 });
    dashboard.relay(Buffer.from("a part"));
    await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith(".windfire-upload-")).length).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("what was there before");
    dashboard.endRelay();
    await expect.poll(() => readdirSync(folder)).toEqual(["kept"]);
    expect(readFileSync(path, "utf8")).toBe("what was there before");
  });

  test("an upload keeps the permissions of the file, follows a link to it, and writes one of several names itself", async () => {
    await open();
    const path = join(folder, "real");
    writeFileSync(path, "old", { mode: 0o640 });
    symlinkSync(path, join(folder, "link"));
    ask({ kind: "upload", path: join(folder, "link"), size: 3 });
    dashboard.relay(Buffer.from("new"));
    expect(await response()).toEqual({ kind: "uploaded" });
    expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777, lstatSync(join(folder, "link")).isSymbolicLink()]).toEqual([
      "new",
      0o640,
      true,
    ]);
    linkSync(path, join(folder, "other name"));
    ask({ kind: "upload", path, size: 4 });
    dashboard.relay(Buffer.from("both"));
    expect(await response()).toEqual({ kind: "uploaded" });
    expect(readFileSync(join(folder, "other name"), "utf8")).toBe("both");
  });

  test.runIf(existsSync("/proc/version"))("a file that is made while it is read comes whole", async () => {
    await open();
    ask({ kind: "download", path: "/proc/version" });
    const content = readFileSync("/proc/version");
    expect(await response()).toEqual({ kind: "download", size: content.length });
    expect(Buffer.from(await frame()).equals(content)).toBe(true);
  });

  test("a path with a NUL byte is refused in plain words", async () => {
    await open();
    ask({ kind: "download", path: "/etc/host\0name" });
    expect(await response()).toEqual({ kind: "error", text: "open download file: a path holds no NUL byte" });
    ask({ kind: "upload", path: "/tmp/a\0b", size: 1 });
    expect(await response()).toEqual({ kind: "error", text: "open /tmp/a\0b: a path holds no NUL byte" });
  });

  test("data of a refused upload is passed over, although it looks like requests", async () => {
    await open();
    const victim = join(folder, "victim");
    writeFileSync(victim, "precious");
    const trap = formatFileRequest({ kind: "upload", path: victim, size: 0 });
    ask({ kind: "upload", path: join(folder, "no", "file"), size: trap.length * 2 });
    expect(await response()).toEqual({ kind: "error", text: `open ${join(folder, "no", "file")}: no such file or directory` });
    dashboard.relay(trap);
    dashboard.relay(trap);
    ask({ kind: "download", path: join(folder, "missing") });
    expect(await response()).toMatchObject({ kind: "error", text: "open download file: no such file or directory" });
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });

  test.runIf(existsSync("/dev/full"))("so is the rest of an upload whose disk is full", async () => {
    await open();
    const victim = join(folder, "victim");
    writeFileSync(victim, "precious");
    const trap = formatFileRequest({ kind: "upload", path: victim, size: 0 });
    ask({ kind: "upload", path: "/dev/full", size: trap.length * 3 });
    dashboard.relay(trap);
    expect(await response()).toMatchObject({ kind: "error" });
    dashboard.relay(trap);
    dashboard.relay(trap);
    ask({ kind: "download", path: join(folder, "missing") });
    expect(await response()).toMatchObject({ kind: "error", text: "open download file: no such file or directory" });
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });

  test("an upload that cannot be written, and requests that are none", async () => {
    await open();
    ask({ kind: "upload", path: join(folder, "no", "file"), size: 3 });
    expect(await response()).toEqual({ kind: "error", text: `open ${join(folder, "no", "file")}: no such file or directory` });
    dashboard.relay(Buffer.from("abc"));
    dashboard.relay(Uint8Array.of(2, 0, 0));
    expect(await response()).toEqual({ kind: "error", text: "data is invalid" });
    dashboard.relay(Uint8Array.of(9, 1));
    ask({ kind: "download", path: join(folder, "x") });
    expect(await response()).toMatchObject({ kind: "error" });
  });
});

describe("MCP transfer", () => {
  const order = (request: object): void => dashboard.send({ type: 20, data: JSON.stringify({ stream_id: STREAM_ID, ...request }) });
  const answer = async () => parseMcpFrame(new Uint8Array(await frame()));
  const digest = (bytes: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(bytes).digest());

  test.each([0, 1, 1024 * 1024, 2_500_000])("upload of %i bytes", async (size) => {
    const content = Buffer.alloc(size, "0123456789");
    const path = join(folder, "deep", "file");
    order({
      op: "upload",
      path,
      size,
      mode: "0640",
      create_dirs: true,
      expected_sha256: createHash("sha256").update(content).digest("hex"),
    });
    await expectAttached();
    expect(await answer()).toEqual({ kind: "upload-ready", size });
    for (let at = 0; at < size; at += 700_000) dashboard.relay(content.subarray(at, at + 700_000));
    expect(await answer()).toEqual({ kind: "done", size, sha256: digest(content) });
    await streamEnd();
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(readdirSync(join(folder, "deep"))).toEqual(["file"]);
  });

  test.each([1, 1024 * 1024, 2_500_000])("download of %i bytes", async (size) => {
    const content = Buffer.alloc(size, "0123456789");
    const path = join(folder, "file");
    writeFileSync(path, content);
    order({ op: "download", path });
    await expectAttached();
    expect(await answer()).toEqual({ kind: "download-header", size, sha256: new Uint8Array(32) });
    let received = Buffer.alloc(0);
    while (received.length < size) {
      const part = await answer();
      if (typeof part !== "object" || part.kind !== "data") expect.fail(JSON.stringify(part));
      received = Buffer.concat([received, part.payload]);
    }
    expect(received.equals(content)).toBe(true);
    expect(await answer()).toEqual({ kind: "done", size, sha256: digest(content) });
    await streamEnd();
  });

  test.each<[string, object, string]>([
    ["no path", { op: "upload" }, "FsTransfer 缺少必要参数: path 为空"],
    ["an unknown way", { op: "copy", path: "/a" }, "unknown op: copy"],
    ["too large", { op: "upload", path: "/tmp/x", size: MCP_TRANSFER_CAP + 1 }, "size out of range: must be 0..100MiB"],
    ["less than nothing", { op: "upload", path: "/tmp/x", size: -1 }, "size out of range: must be 0..100MiB"],
    ["the root", { op: "upload", path: "/", size: 1 }, "path targets a filesystem root"],
    ["a relative path", { op: "upload", path: "a", size: 1 }, "invalid path: path must be absolute"],
    ["a missing folder", { op: "upload", path: "/no/such/folder/x", size: 3 }, "file or directory does not exist"],
    ["a missing file", { op: "download", path: "/no/such/file" }, "file or directory does not exist"],
    ["a folder", { op: "download", path: "/tmp" }, "path is not a regular file"],
    [
      "a precondition",
      { op: "upload", path: "/tmp/no-such-file-at-all", size: 1, if_match_sha256: "00" },
      "if_match precondition failed: file does not exist",
    ],
  ])("%s is refused", async (_, request, text) => {
    order(request);
    await expectAttached();
    expect(await answer()).toEqual({ kind: "error", text });
    await streamEnd();
  });

  test("more than announced, or other bytes than expected, leave nothing behind", async () => {
    order({ op: "upload", path: join(folder, "x"), size: 3 });
    await expectAttached();
    await answer();
    dashboard.relay(Buffer.from("four"));
    expect(await answer()).toEqual({ kind: "error", text: "more data than announced" });
    await streamEnd();
    order({ op: "upload", path: join(folder, "x"), size: 3, expected_sha256: "00" });
    await expectAttached();
    await answer();
    dashboard.relay(Buffer.from("abc"));
    expect(await answer()).toEqual({ kind: "error", text: "sha256 mismatch" });
    await streamEnd();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("without a stream there is nobody to tell", async () => {
    dashboard.send({ type: 20, data: "{}" });
    dashboard.send({ type: 7 });
    expect((await dashboard.next("TaskResult")).message.type).toBe(7);
    expect(dashboard.heard.some((one) => one.kind === "open" && one.method === "IOStream")).toBe(false);
  });
});

test("an attached stream sends an empty frame every 30 seconds", async () => {
  dashboard.send({ type: 11, data: formatStreamOrder({ streamId: STREAM_ID }) });
  await expectAttached();
  await agent.clock.advanceAsync(9_000);
  dashboard.send({ type: 7 });
  for (let second = 9; second < 30; second += 3) {
    await agent.clock.advanceAsync(3_000);
    dashboard.send({ type: 7 });
    await dashboard.next("TaskResult");
  }
  const { message } = await dashboard.next("IOStreamData", (one) => one.message.data.length === 0);
  expect(message.data).toHaveLength(0);
});
