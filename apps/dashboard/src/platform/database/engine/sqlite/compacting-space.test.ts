import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { requireCompactingSpace } from "./compacting-space.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-compacting-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a database is compacted only where twice its size is free", async () => {
  const path = join(folder, "sqlite.db");
  await writeFile(path, Buffer.alloc(1_000));
  await requireCompactingSpace(path);
  await requireCompactingSpace(path, async () => 2_000);
  await expect(requireCompactingSpace(path, async () => 1_999)).rejects.toThrow("takes 2000 free bytes, and there are 1999");
});
