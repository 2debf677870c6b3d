import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_CONFIG } from "../../config/index.ts";
import { createFileGuard } from "../../gate/index.ts";
import { runExec } from "../../system/run-exec.ts";
import type { RunTask } from "../task-kind.ts";
import { createExec, createFsWrite, createPathLocks, fsDelete, fsList, fsRead, pathFault } from "./index.ts";
import type { PathPurpose } from "./path-rules.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "agent-mcp-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

async function run(
  kind: RunTask,
  request: unknown,
  signal = new AbortController().signal,
): Promise<{ data: Record<string, unknown>; successful: boolean }> {
  const data = typeof request === "string" ? request : JSON.stringify(request);
  const outcome = await kind(
    { id: 1, type: 0, data },
    {
      config: DEFAULT_CONFIG,
      signal,
      session: signal,
      openIo: () => expect.unreachable(),
      noteRefusal: () => expect.unreachable(),
      only: undefined,
      guard: createFileGuard("/no/such/folder/config.yml", undefined),
    },
  );
  const text = outcome?.data ?? "";
  return {
    data: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : { text },
    successful: outcome?.successful ?? false,
  };
}

describe("exec", () => {
  const exec = createExec({
    run: runExec,
    environment: { PATH: process.env["PATH"], HOME: "/home/x", SECRET: "no" },
    monotonic: () => performance.now(),
  });

  test("output, error output, input, folder, environment and exit code", async () => {
    const { data, successful } = await run(exec, {
      cmd: "sh",
      args: ["-c", "pwd; echo $HOME $K $SECRET; echo err >&2; cat; exit 4"],
      cwd: folder,
      env: { K: "v" },
      stdin: "typed",
    });
    expect(successful).toBe(true);
    expect(data).toEqual({
      exit_code: 4,
      stdout: `${folder}\n/home/x v\ntyped`,
      stderr: "err\n",
      duration_ms: expect.any(Number) as number,
    });
  });

  test.each<[string, unknown, string]>([
    ["no command", { cmd: " " }, "cmd required"],
    ["an unknown program", { cmd: "no-such-command" }, "executable file not found"],
    ["a path that is not there", { cmd: "/no/such/program" }, "command or working directory not found"],
    ["a folder that is not there", { cmd: "sh", cwd: "/no/such/folder" }, "command or working directory not found"],
  ])("%s", async (_, request, error) => {
    expect(await run(exec, request)).toEqual({ data: { exit_code: -1, stdout: "", stderr: "", duration_ms: 0, error }, successful: true });
  });

  test("a program without permission", async () => {
    const path = join(folder, "plain.txt");
    writeFileSync(path, "x");
    chmodSync(path, 0o600);
    expect((await run(exec, { cmd: path })).data["error"]).toBe("permission denied");
  });

  test.each<[string, unknown]>([
    ["{bad", "invalid exec request: not a JSON object"],
    ["[]", "invalid exec request: not a JSON object"],
    ['{"cmd":1}', "invalid exec request: cmd must be of type string"],
    ['{"cmd":"a","args":{}}', "invalid exec request: args must be of type array"],
    ['{"cmd":"a","timeout_seconds":"1"}', "invalid exec request: timeout_seconds must be of type number"],
  ])("%s cannot be read", async (request, text) => {
    expect(await run(exec, request)).toEqual({ data: { text }, successful: false });
  });

  test("output past the limit is cut and marked", async () => {
    const { data } = await run(exec, { cmd: "sh", args: ["-c", "printf 0123456789; printf abc >&2"], max_output_bytes: 4 });
    expect(data).toMatchObject({ stdout: "0123", stderr: "abc", stdout_truncated: true });
    expect(data).not.toHaveProperty("stderr_truncated");
  });

  test("a program past its time is killed with its children", async () => {
    const { data } = await run(exec, { cmd: "sh", args: ["-c", "echo begun; sleep 300 & sleep 300"], timeout_seconds: 1 });
    expect(data).toMatchObject({ exit_code: -1, stdout: "begun\n", timed_out: true });
    expect(data["duration_ms"]).toBeGreaterThanOrEqual(990);
    expect(data["duration_ms"]).toBeLessThan(3000);
  });

  test("children left behind do not hold the answer", async () => {
    const { data } = await run(exec, { cmd: "sh", args: ["-c", "sleep 300 & echo done"] });
    expect(data).toMatchObject({ exit_code: 0, stdout: "done\n" });
  });

  test("a program that ends by a signal has exit code -1, and input that nobody reads is no error", async () => {
    const { data } = await run(exec, { cmd: "sh", args: ["-c", "kill -9 $$"], stdin: "x".repeat(1_000_000) });
    expect(data).toMatchObject({ exit_code: -1 });
    expect(data).not.toHaveProperty("error");
  });

  test("a stopping agent ends it", async () => {
    const stop = new AbortController();
    const answer = run(exec, { cmd: "sleep", args: ["300"] }, stop.signal);
    setImmediate(() => stop.abort());
    expect((await answer).data).toMatchObject({ exit_code: -1 });
  });
});

test.each<[string, PathPurpose, string | undefined]>([
  ["/a/b", "read", undefined],
  ["/", "list", undefined],
  ["", "list", "path required"],
  ["a/b", "read", "path must be absolute"],
  ["./a", "write", "path must be absolute"],
  ["/a\0b", "read", "path is not supported"],
  ["/", "write", "path targets a filesystem root"],
  ["//", "upload", "path targets a filesystem root"],
  ["/a/..", "write", "path targets a filesystem root"],
  ["/", "delete", "refusing to delete root"],
  ["/tmp/../", "delete", "refusing to delete root"],
  ["/.", "delete", "refusing to delete root"],
  ["\\\\host\\share\\a:b", "list", "alternate data stream (ADS) paths are not supported"],
  ["C:\\a:b", "list", "alternate data stream (ADS) paths are not supported"],
  ["C:\\a:b", "read", "path is not supported"],
  ["\\\\?\\C:\\a:b", "delete", "path is not supported"],
  ["/a:b", "list", undefined],
  ["//host/share/", "delete", "refusing to delete root"],
  ["//host/share/a", "delete", undefined],
  ["/a/b/c", "delete", undefined],
  ["/a/b", "delete", undefined],
])("%j to %s: %s", (path, purpose, fault) => {
  expect(pathFault(path, purpose)).toBe(fault);
});

describe("list", () => {
  test("entries of every kind", async () => {
    writeFileSync(join(folder, "file"), "12345", { mode: 0o640 });
    mkdirSync(join(folder, "dir"), { mode: 0o755 });
    symlinkSync("file", join(folder, "link"));
    writeFileSync(join(folder, ".hidden"), "");
    const { data } = await run(fsList, { path: folder });
    const entries = data["entries"] as { name: string }[];
    expect(entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      { name: "dir", type: "dir", mode: "0755" },
      { name: "file", type: "file", size: 5, mode: "0640", mtime: expect.any(Number) as number },
      { name: "link", type: "symlink", is_symlink: true, link_target: "file" },
    ]);
    expect(data["total"]).toBe(3);
    expect((await run(fsList, { path: folder, show_hidden: true })).data["total"]).toBe(4);
  });

  test("more than 5 000 are counted, not listed", async () => {
    for (let index = 0; index < 5010; index++) writeFileSync(join(folder, `f${index}`), "");
    const { data } = await run(fsList, { path: folder });
    expect(data["entries"]).toHaveLength(5000);
    expect(data).toMatchObject({ total: 5010, truncated: true });
  });

  test.each<[string, string]>([
    ["missing", "file or directory does not exist"],
    ["link", "path is not a directory"],
    ["file", "path is not a directory"],
  ])("%s", async (name, error) => {
    symlinkSync(folder, join(folder, "link"));
    writeFileSync(join(folder, "file"), "");
    expect(await run(fsList, { path: join(folder, name) })).toEqual({ data: { entries: null, error }, successful: true });
  });
});

describe("read", () => {
  test.each<[object, object]>([
    [{}, { content: "written\n", encoding: "utf8", size: 8, sha256: sha256("written\n") }],
    [
      { offset: 2, length: 3, encoding: "base64" },
      { content: "aXR0", encoding: "base64", size: 3, sha256: sha256("itt"), truncated: true },
    ],
    [{ offset: 8 }, { content: "", size: 0 }],
    [{ length: 8 }, { content: "written\n", size: 8 }],
    [{ encoding: "rot13" }, { content: "", encoding: "", size: 0, error: "unknown encoding: rot13" }],
  ])("%j", async (request, expected) => {
    const path = join(folder, "a.txt");
    writeFileSync(path, "written\n");
    const { data } = await run(fsRead, { path, ...request });
    expect(data).toMatchObject(expected);
    expect("truncated" in data).toBe("truncated" in expected);
  });

  test("at most 1 MiB at once", async () => {
    const path = join(folder, "big");
    writeFileSync(path, Buffer.alloc(1024 * 1024 + 1, "x"));
    expect((await run(fsRead, { path, length: 2 ** 31 })).data).toMatchObject({ size: 1024 * 1024, truncated: true });
  });

  test.each<[string, string]>([
    ["missing", "file or directory does not exist"],
    ["link", "path is not a regular file"],
    ["", "path is not a regular file"],
  ])("%j", async (name, error) => {
    writeFileSync(join(folder, "target"), "x");
    symlinkSync(join(folder, "target"), join(folder, "link"));
    expect((await run(fsRead, { path: join(folder, name) })).data).toEqual({ content: "", encoding: "", size: 0, error });
  });
});

describe("write", () => {
  const fsWrite = createFsWrite(createPathLocks(false));

  test("a new file in a new folder, with its mode", async () => {
    const path = join(folder, "a", "b", "new.txt");
    expect((await run(fsWrite, { path, content: "x" })).data["error"]).toBe("file or directory does not exist");
    expect((await run(fsWrite, { path, content: "written\n", mode: "0600", create_dirs: true })).data).toEqual({
      size: 8,
      sha256: sha256("written\n"),
    });
    expect(readFileSync(path, "utf8")).toBe("written\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["new.txt"]);
  });

  test("bytes as base64, 0644 unless said otherwise, links replaced instead of followed", async () => {
    writeFileSync(join(folder, "target"), "kept");
    symlinkSync(join(folder, "target"), join(folder, "link"));
    const path = join(folder, "link");
    expect((await run(fsWrite, { path, content: "AP8=", encoding: "base64" })).data).toMatchObject({ size: 2 });
    expect(lstatSync(path).isFile()).toBe(true);
    expect([...readFileSync(path)]).toEqual([0, 255]);
    expect(readFileSync(join(folder, "target"), "utf8")).toBe("kept");
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  test.each<[string, object, string]>([
    ["a file that has changed", { path: "a", content: "y", if_match_sha256: sha256("z") }, "if_match precondition failed: sha256 mismatch"],
    [
      "a file that is gone",
      { path: "gone", content: "y", if_match_sha256: sha256("z") },
      "if_match precondition failed: file does not exist",
    ],
    ["a folder", { path: "", content: "y", if_match_sha256: sha256("z") }, "if_match precondition failed: target is not a regular file"],
    ["a bad mode", { path: "a", content: "y", mode: "rw" }, "invalid mode: rw"],
    ["an unknown encoding", { path: "a", content: "y", encoding: "x" }, "unknown encoding: x"],
    ["bad base64", { path: "a", content: "*", encoding: "base64" }, "invalid base64: illegal data"],
    ["too much", { path: "a", content: "x".repeat(8 * 1024 * 1024 + 1) }, "content exceeds max write size"],
  ])("%s", async (_, request, error) => {
    writeFileSync(join(folder, "a"), "x");
    const { path } = request as { path: string };
    expect((await run(fsWrite, { ...request, path: join(folder, path) })).data).toEqual({ size: 0, sha256: "", error });
    expect(readdirSync(folder)).toEqual(["a"]);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("x");
  });

  test("of many who expect the same content, one writes", async () => {
    const path = join(folder, "counter");
    writeFileSync(path, "0");
    const answers = await Promise.all(["1", "2", "3", "4"].map((content) => run(fsWrite, { path, content, if_match_sha256: sha256("0") })));
    expect(answers.filter(({ data }) => data["error"] === undefined)).toHaveLength(1);
  });
});

describe("delete", () => {
  test("a file, a link, an empty folder: one entry each", async () => {
    writeFileSync(join(folder, "file"), "");
    symlinkSync(join(folder, "file"), join(folder, "link"));
    mkdirSync(join(folder, "dir"));
    for (const name of ["link", "file", "dir"])
      expect((await run(fsDelete, { path: join(folder, name) })).data).toEqual({ deleted_count: 1 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a folder with something in it only on request, and then all of it is counted", async () => {
    const path = join(folder, "tree");
    mkdirSync(join(path, "a", "b"), { recursive: true });
    writeFileSync(join(path, "a", "b", "c"), "");
    symlinkSync(folder, join(path, "up"));
    expect((await run(fsDelete, { path })).data).toEqual({ deleted_count: 0, error: "is a directory; pass recursive=true to remove" });
    expect((await run(fsDelete, { path, recursive: true })).data).toEqual({ deleted_count: 5 });
    expect(existsSync(path)).toBe(false);
    expect(existsSync(folder)).toBe(true);
  });

  test("what is not there", async () => {
    const path = join(folder, "gone");
    expect((await run(fsDelete, { path })).data).toEqual({ deleted_count: 0, error: "file or directory does not exist" });
    expect((await run(fsDelete, { path, recursive: true })).data).toEqual({ deleted_count: 0 });
  });
});
