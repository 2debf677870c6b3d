import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAgreedFile } from "./agreed.ts";

test("what cannot be written leaves nothing beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agreed-"));
  await mkdir(join(folder, "agreed.json"));
  await expect(createAgreedFile(join(folder, "agreed.json")).write(new Map([["language", ["digest"]]]))).rejects.toThrow("EISDIR");
  expect(await readdir(folder)).toEqual(["agreed.json"]);
  await rm(folder, { recursive: true });
});
