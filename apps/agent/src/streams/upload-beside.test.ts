import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileGuard } from "../gate/index.ts";
import { startUpload } from "./upload.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-upload-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("where the host permits one file alone, that file is written and nothing is made beside it", async () => {
  const path = join(folder, "motd");
  await writeFile(path, "before");
  const { ino } = await stat(path);
  const { upload, answer } = await startUpload(path, createFileGuard("/no/such/config.yml", [path]));
  expect(answer).toBeUndefined();
  await upload.write(Buffer.from("af"), false);
  expect(await readdir(folder)).toEqual(["motd"]);
  await upload.write(Buffer.from("ter"), true);
  expect(await readFile(path, "utf8")).toBe("after");
  expect((await stat(path)).ino).toBe(ino);
});
