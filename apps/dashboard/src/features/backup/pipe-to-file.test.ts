import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate as soon } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pipeToFile } from "./pipe-to-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pipe-to-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file that is there is not written over where none may be", async () => {
  const path = join(folder, "there");
  await writeFile(path, "older");
  await expect(pipeToFile(Readable.from([Buffer.from("newer")]), path, "wx")).rejects.toMatchObject({ code: "EEXIST" });
  expect(await readFile(path, "utf8")).toBe("older");
  await pipeToFile(Readable.from([Buffer.from("newer")]), path);
  expect(await readFile(path, "utf8")).toBe("newer");
});

test.skipIf(process.platform === "win32")("who is told that it failed may remove it: it is not being opened any more", async () => {
  const path = join(folder, "slow");
  // Opening it takes until somebody reads it.
  execFileSync("mkfifo", [path]);
  const broken = async function* () {
    yield Buffer.from("half");
    throw new Error("the sender is gone");
  };
  const told: unknown[] = [];
  const writing = pipeToFile(broken(), path).catch((error: unknown) => told.push(error));
  for (let turn = 0; turn < 50; turn++) await soon();
  expect(told).toEqual([]);
  await readFile(path);
  await writing;
  expect(told).toEqual([new Error("the sender is gone")]);
});
