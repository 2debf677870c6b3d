import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEY_FILE, loadKey } from "./key-file.ts";
import { createSealing } from "./sealing.ts";

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "key-"))));
afterEach(() => rm(folder, { recursive: true }));

test("what is sealed can be opened with the same key at the same place, and nowhere else", () => {
  const sealing = createSealing(key(1));
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (text, place, elsewhere) => {
      const sealed = sealing.seal(text, place);
      expect(sealing.open(sealed, place)).toBe(text);
      expect(createSealing(key(2)).open(sealed, place)).toBeUndefined();
      if (elsewhere !== place) expect(sealing.open(sealed, elsewhere)).toBeUndefined();
      if (text.length > 3) expect(sealed).not.toContain(text);
    }),
  );
});

test("a sealed text that was changed anywhere is not opened, nor is any other text", () => {
  const sealing = createSealing(key(1));
  const sealed = sealing.seal("hunter2", "p");
  for (let at = 0; at < sealed.length - 1; at++) {
    const other = sealed[at] === "A" ? "B" : "A";
    expect(sealing.open(sealed.slice(0, at) + other + sealed.slice(at + 1), "p")).toBeUndefined();
  }
  for (const text of ["", "1", "2", sealed.slice(0, 20)]) expect(sealing.open(text, "p")).toBeUndefined();
});

test("the same text is sealed differently every time; derived bytes are always the same and differ by label", () => {
  const sealing = createSealing(key(1));
  expect(sealing.seal("a", "p")).not.toBe(sealing.seal("a", "p"));
  expect(sealing.derive("a", 32)).toEqual(createSealing(key(1)).derive("a", 32));
  expect(sealing.derive("a", 32)).not.toEqual(sealing.derive("b", 32));
  expect(sealing.derive("a", 32)).not.toEqual(Buffer.from(key(1)));
});

test("the key is made once, for its owner's eyes alone, and nothing else is left", async () => {
  const path = join(folder, KEY_FILE);
  const [first, second] = await Promise.all([loadKey(path), loadKey(path)]);
  expect(first).toHaveLength(32);
  expect(second).toEqual(first);
  expect(await loadKey(path)).toEqual(first);
  expect(await readdir(folder)).toEqual([KEY_FILE]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a key that others may read is closed to them; one of another size ends the start with a sentence", async () => {
  const path = join(folder, KEY_FILE);
  await writeFile(path, key(3), { mode: 0o644 });
  expect(Buffer.from(await loadKey(path))).toEqual(Buffer.from(key(3)));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, "short");
  await expect(loadKey(path)).rejects.toThrow(`${KEY_FILE} has 5 bytes, not 32: put back the one from a backup`);
});
