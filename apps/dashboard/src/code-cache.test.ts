import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCodeCache } from "./code-cache.ts";

let directory: string;
let folder: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-code-"));
  folder = join(directory, "cache");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const packed = (text: string): string => `(function(exports,require,module,__filename,__dirname){"use strict";${text}\n})`;
const write = async (name: string, text: string): Promise<string> => {
  const file = join(directory, name);
  await writeFile(file, packed(text));
  return file;
};

/** Loads, keeps, and says of how many files the engine took the kept code. */
function start(file: string): { exports: unknown; taken: number } {
  const made = vi.spyOn(Script.prototype, "runInThisContext");
  try {
    const cache = createCodeCache(folder);
    const exports = cache.load(file);
    cache.keep();
    return {
      exports,
      taken: made.mock.contexts.filter((script) => script instanceof Script && script.cachedDataRejected === false).length,
    };
  } finally {
    made.mockRestore();
  }
}

test("files require each other and what is installed, each is run once", async () => {
  await write("other.cjs", "globalThis.windfireRuns=(globalThis.windfireRuns??0)+1;exports.two=2;");
  const main = await write(
    "main.cjs",
    'const {two}=require("./other.cjs");require("./other.cjs");exports.sum=two+1;exports.sep=require("node:path").sep;exports.names=[__filename,__dirname];',
  );
  expect(createCodeCache(undefined).load(main)).toEqual({ sum: 3, sep: join("a", "b")[1], names: [main, directory] });
  expect(Reflect.get(globalThis, "windfireRuns")).toBe(1);
  Reflect.deleteProperty(globalThis, "windfireRuns");
});

test("a second start takes what the first one kept, functions included that ran", async () => {
  const file = await write("main.cjs", "const late=()=>42;exports.value=late();");
  expect(start(file)).toEqual({ exports: { value: 42 }, taken: 0 });
  expect(start(file)).toEqual({ exports: { value: 42 }, taken: 1 });
});

test("code of another source is left alone, although it is as long, and replaced", async () => {
  const file = await write("main.cjs", "exports.value=1;");
  start(file);
  await write("main.cjs", "exports.value=2;");
  expect(start(file)).toEqual({ exports: { value: 2 }, taken: 0 });
  expect(start(file).taken).toBe(1);
});

test.each([
  ["cut", (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
  ["empty", () => Buffer.alloc(0)],
  ["changed in one bit", (bytes: Buffer) => bytes.fill((bytes.at(-20) ?? 0) ^ 1, bytes.length - 20, bytes.length - 19)],
])("code that is %s is not given to the engine, and replaced", async (_what, spoil) => {
  const file = await write("main.cjs", "exports.value=1;");
  start(file);
  const [name = ""] = await readdir(folder);
  await writeFile(join(folder, name), spoil(await readFile(join(folder, name))));
  expect(start(file)).toEqual({ exports: { value: 1 }, taken: 0 });
  expect(start(file).taken).toBe(1);
});

test("where nothing can be written, the program runs all the same, and leaves nothing", async () => {
  const file = await write("main.cjs", "exports.value=1;");
  await writeFile(folder, "a file, where the folder should be");
  expect(start(file)).toEqual({ exports: { value: 1 }, taken: 0 });
  expect(await readdir(directory)).toEqual(["cache", "main.cjs"]);
});

test("what it keeps is its owner's alone", async () => {
  const file = await write("main.cjs", "exports.value=1;");
  start(file);
  const [name = ""] = await readdir(folder);
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

test.each(["the file", "the folder"])("code is not run when %s can be written by others", async (what) => {
  const file = await write("main.cjs", "exports.value=1;");
  start(file);
  const [name = ""] = await readdir(folder);
  const path = what === "the folder" ? folder : join(folder, name);
  const { mode } = await stat(path);
  await chmod(path, mode | 0o020);
  expect(start(file)).toEqual({ exports: { value: 1 }, taken: 0 });
  await chmod(path, mode);
  expect(start(file).taken).toBe(1);
});
