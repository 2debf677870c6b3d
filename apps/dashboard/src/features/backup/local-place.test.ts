import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLocalPlace } from "./local-place.ts";

test("backups that went while the folder was read, and what is no file, are not listed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-place-"));
  try {
    const name = (day: number): string => `windfire-2026010${day}T000000Z.tar.zst`;
    await writeFile(join(folder, name(1)), "four");
    await symlink(join(folder, "gone"), join(folder, name(2)));
    await mkdir(join(folder, name(3)));
    expect(await createLocalPlace(folder).list()).toEqual([{ name: name(1), size: 4 }]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
