import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freeBytes, makeFolder, makeFolderSync, syncFolder } from "./folder.ts";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "windfire-folder-"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe.each([
  ["makeFolder", makeFolder],
  ["makeFolderSync", async (path: string, mode: number) => makeFolderSync(path, mode)],
])("%s", (_name, make) => {
  test("makes what is missing, and nothing where all is there", async () => {
    const path = join(base, "a", "b", "c");
    await make(path, 0o750);
    await make(path, 0o700);
    expect([(await stat(path)).mode & 0o777, (await stat(join(base, "a"))).mode & 0o777]).toEqual([0o750, 0o750]);
  });

  test("says what is in the way", async () => {
    await writeFile(join(base, "file"), "");
    await expect(make(join(base, "file"), 0o750)).rejects.toMatchObject({ code: "EEXIST" });
    await expect(make(join(base, "file", "below"), 0o750)).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  test.runIf(process.platform === "linux")("comes back from a file system in which nobody makes folders", async () => {
    await expect(make("/proc/windfire/data", 0o750)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test.skipIf(process.platform === "win32")(
  "a folder that is there is synced and tells what is free in it, one that is not is named",
  async () => {
    await syncFolder(base);
    expect(await freeBytes(base)).toBeGreaterThan(0);
    await expect(syncFolder(join(base, "none"))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(freeBytes(join(base, "none"))).rejects.toMatchObject({ code: "ENOENT" });
  },
);
