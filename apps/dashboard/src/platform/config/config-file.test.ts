import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configDisk } from "./config-disk.ts";
import type { ConfigDisk } from "./config-disk.ts";
import { writeConfigFile } from "./config-file.ts";

const OLD = "site_name: old\n";
const NEW = "site_name: a new and longer one\n";
let directory = "";
let path = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-file-"));
  path = join(directory, "config.yaml");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A disk whose `failing`-th step, and every one after it, ends with the error. */
function failingDisk(
  failing: number,
  code: string,
  only: (step: string) => boolean = () => true,
): { disk: ConfigDisk; steps: () => number } {
  let count = 0;
  const step =
    <Arguments extends unknown[]>(name: string, run: (...given: Arguments) => Promise<void>) =>
    async (...given: Arguments): Promise<void> => {
      if (++count >= failing && only(name)) throw Object.assign(new Error(`${code}: ${name}`), { code });
      await run(...given);
    };
  const disk: ConfigDisk = {
    write: step("write", configDisk.write),
    chown: step("chown", configDisk.chown),
    rename: step("rename", configDisk.rename),
    remove: step("remove", configDisk.remove),
    syncFolder: step("syncFolder", configDisk.syncFolder),
    overwrite: step("overwrite", configDisk.overwrite),
  };
  return { disk, steps: () => count };
}

test("a crash at any step leaves the old text or the new one, and the next write goes through", async () => {
  await writeFile(path, OLD, { mode: 0o640 });
  const counting = failingDisk(Number.POSITIVE_INFINITY, "");
  await writeConfigFile(path, NEW, counting.disk);
  expect(counting.steps()).toBeGreaterThanOrEqual(5);
  for (let failing = 1; failing <= counting.steps(); failing++) {
    await writeFile(path, OLD);
    await expect(writeConfigFile(path, NEW, failingDisk(failing, "ECRASH").disk)).rejects.toThrow("ECRASH");
    expect([OLD, NEW]).toContain(await readFile(path, "utf8"));
    await writeConfigFile(path, NEW);
    expect(await readFile(path, "utf8")).toBe(NEW);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await readdir(directory)).toSorted()).toEqual(["config.yaml", "config.yaml.bak"]);
  }
});

test("a crash while the first file is made leaves none or a whole one", async () => {
  for (let failing = 1; failing <= 3; failing++) {
    await rm(path, { force: true });
    await expect(writeConfigFile(path, NEW, failingDisk(failing, "ECRASH").disk)).rejects.toThrow("ECRASH");
    expect(["", NEW]).toContain(await readFile(path, "utf8").catch(() => ""));
  }
});

test("a full disk changes nothing and is told in one sentence that names the file", async () => {
  await writeFile(path, OLD);
  const { disk } = failingDisk(1, "ENOSPC", (step) => step === "write");
  await expect(writeConfigFile(path, NEW, disk)).rejects.toThrow(`cannot write the configuration ${path}: the disk is full`);
  expect(await readFile(path, "utf8")).toBe(OLD);
  expect(await readdir(directory)).toEqual(["config.yaml"]);
});

test("a file that can only be written in place is; when the disk is full, what was there comes back", async () => {
  await writeFile(path, OLD, { mode: 0o640 });
  const mounted = failingDisk(1, "EBUSY", (step) => step === "rename");
  await writeConfigFile(path, NEW, mounted.disk);
  expect(await readFile(path, "utf8")).toBe(NEW);
  await writeConfigFile(path, OLD, mounted.disk);
  expect(await readFile(path, "utf8")).toBe(OLD);
  let attempts = 0;
  const full: ConfigDisk = {
    ...mounted.disk,
    overwrite: async (file, bytes) => {
      if (attempts++ > 0) return configDisk.overwrite(file, bytes);
      await writeFile(file, bytes.subarray(0, 3));
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    },
  };
  await expect(writeConfigFile(path, NEW, full)).rejects.toThrow("the disk is full");
  expect(await readFile(path, "utf8")).toBe(OLD);
});

test("a symbolic link stays one, and the file it leads to is replaced", async () => {
  await mkdir(join(directory, "real"));
  await writeFile(join(directory, "real", "c.yaml"), OLD);
  await symlink(join("real", "c.yaml"), path);
  await writeConfigFile(path, NEW);
  expect(await readFile(join(directory, "real", "c.yaml"), "utf8")).toBe(NEW);
  expect((await readdir(join(directory, "real"))).toSorted()).toEqual(["c.yaml", "c.yaml.bak"]);
});

test("a folder in the place of the file is named", async () => {
  await mkdir(path);
  await chmod(path, 0o700);
  await expect(writeConfigFile(path, NEW)).rejects.toThrow(`cannot write the configuration ${path}: it is a folder, not a file`);
});
