import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheFolders, takePrivateFolder } from "./private-folder.ts";
import { unpackProgram } from "./unpack.ts";

let base: string;
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), "windfire-executable-"))));
afterEach(() => rmSync(base, { recursive: true }));

const CONTENT: Readonly<Record<string, string>> = { "tools/windfire.mjs": "line", "apps/dashboard/dist/main.js": "program" };
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const index = { version: "1.2.3", files: Object.fromEntries(Object.entries(CONTENT).map(([path, text]) => [path, hash(text)])) };
const contentOf = (path: string): Uint8Array => Buffer.from(CONTENT[path] ?? "");

test("every file lies there as packed, for its owner alone, and stays when it is right", () => {
  const folder = unpackProgram(base, index, contentOf);
  for (const [path, text] of Object.entries(CONTENT)) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
  expect(statSync(join(folder, "tools/windfire.mjs")).mode & 0o777).toBe(0o600);
  const { ino } = statSync(join(folder, "tools/windfire.mjs"));
  expect(unpackProgram(base, index, contentOf)).toBe(folder);
  expect(statSync(join(folder, "tools/windfire.mjs")).ino).toBe(ino);
});

test("what was changed or is missing is written anew", () => {
  const folder = unpackProgram(base, index, contentOf);
  writeFileSync(join(folder, "tools/windfire.mjs"), "other");
  rmSync(join(folder, "apps"), { recursive: true });
  unpackProgram(base, index, contentOf);
  for (const [path, text] of Object.entries(CONTENT)) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
});

test("a damaged executable says so and leaves nothing", () => {
  expect(() => unpackProgram(base, index, () => Buffer.from("damaged"))).toThrow("this executable is damaged: tools/windfire.mjs");
  expect(readdirSync(base)).toEqual([]);
});

test("folders of old versions go, four stay", () => {
  for (let patch = 0; patch < 7; patch++) unpackProgram(base, { ...index, version: `1.2.${patch}` }, contentOf);
  expect(readdirSync(base)).toHaveLength(4);
});

const uid = process.geteuid?.();
test.runIf(uid !== undefined)("a folder that others can write, or that is a link, is not taken", () => {
  const folder = join(base, "private");
  takePrivateFolder(folder, uid);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  takePrivateFolder(folder, uid);
  expect(() => takePrivateFolder(folder, (uid ?? 0) + 1)).toThrow("belongs to another user");
  chmodSync(folder, 0o777);
  expect(() => takePrivateFolder(folder, uid)).toThrow("can be written by others");
  mkdirSync(join(base, "elsewhere"));
  symlinkSync(join(base, "elsewhere"), join(base, "link"));
  expect(() => takePrivateFolder(join(base, "link"), uid)).toThrow("is no folder");
  expect(existsSync(join(base, "elsewhere"))).toBe(true);
});

const surroundings = { platform: "linux", env: {}, home: "/home/a", temporary: "/tmp", uid: 1000 } as const;
test.each([
  [{}, ["/home/a/.cache/windfire", "/tmp/windfire-1000"]],
  [{ env: { XDG_CACHE_HOME: "/c" } }, ["/c/windfire", "/tmp/windfire-1000"]],
  [{ env: { CACHE_DIRECTORY: "/var/cache/windfire:/other" } }, ["/var/cache/windfire", "/home/a/.cache/windfire", "/tmp/windfire-1000"]],
  [{ env: { WINDFIRE_CACHE: "/mine" } }, ["/mine"]],
  [{ home: "", uid: 0 }, ["/tmp/windfire-0"]],
  [{ platform: "darwin" }, ["/home/a/Library/Caches/windfire", "/tmp/windfire-1000"]],
  [{ platform: "win32", env: { LOCALAPPDATA: "C:\\Users\\a\\AppData\\Local" } }, ["C:\\Users\\a\\AppData\\Local\\windfire\\program"]],
] as const)("%j: %j", (change, folders) => {
  expect(cacheFolders({ ...surroundings, ...change })).toEqual(folders);
});
