import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBackup, signerOf, writeBackup } from "./index.ts";
import type { FileToBackUp } from "./index.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "backup-file-"))));
afterEach(() => rm(folder, { recursive: true }));

const seed = new Uint8Array(32).fill(7);
const about = { created_at: "2026-05-01T00:00:00Z", program: "0.1.0", schema: 3, environment: ["NZ_DEBUG"] };

async function filesOf(texts: Readonly<Record<string, string>>): Promise<FileToBackUp[]> {
  const files: FileToBackUp[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name.replaceAll("/", "_"));
    await writeFile(path, text);
    files.push({ name, path, size: Buffer.byteLength(text) });
  }
  return files;
}

async function bytesOf(files: readonly FileToBackUp[], passphrase?: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeBackup({ files, about, signingSeed: seed, passphrase })) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** In pieces that end anywhere. */
async function* inPieces(bytes: Buffer, size = 1_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, passphrase?: string, size?: number) {
  const taken: Record<string, string> = {};
  const signed = await readBackup(inPieces(bytes, size), {
    passphrase,
    async take({ name }, pieces) {
      let text = "";
      for await (const piece of pieces) text += Buffer.from(piece).toString("latin1");
      taken[name] = text;
    },
  });
  return { signed, taken };
}

const texts = {
  "config.yaml": "site_name: x\n",
  "windfire.key": "k".repeat(32),
  "sqlite.db": "d".repeat(70_000),
  "history/rows-1.log": "",
};

test.each([undefined, "correct horse"])("what goes in comes out, and who signed it (passphrase %j)", async (passphrase) => {
  const bytes = await bytesOf(await filesOf(texts), passphrase);
  for (const size of passphrase === undefined ? [1, 7, 100_000] : [7]) {
    const { signed, taken } = await read(bytes, passphrase, size);
    expect(taken).toEqual(texts);
    expect(signed.signer).toBe(signerOf(seed));
    expect(signed.contents).toMatchObject(about);
  }
  if (passphrase !== undefined) expect(bytes.includes("sqlite")).toBe(false);
});

test.each([undefined, "correct horse"])("cut off anywhere it is refused (passphrase %j)", async (passphrase) => {
  const bytes = await bytesOf(await filesOf(texts), passphrase);
  for (const length of [0, 3, 8, 40, 90, bytes.length - 1]) {
    await expect(read(bytes.subarray(0, length), passphrase)).rejects.toMatchObject({ name: "BackupError" });
  }
});

test("an encrypted one is refused whichever byte was changed", async () => {
  const bytes = await bytesOf(await filesOf({ "config.yaml": "a: 1\n" }), "p");
  for (let at = 28; at < bytes.length; at += 61) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(read(changed, "p")).rejects.toMatchObject({ name: "BackupError" });
  }
});

test("a plain one whose bytes were changed gives the same files or is refused", async () => {
  const bytes = await bytesOf(await filesOf(texts));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ mask;
      const outcome = await read(changed).then(
        ({ taken }) => taken,
        (error: unknown) => (error instanceof Error ? error.name : "other"),
      );
      expect([texts, "BackupError"]).toContainEqual(outcome);
    }),
    { numRuns: 60 },
  );
});

test("says what is wrong", async () => {
  const files = await filesOf({ "config.yaml": "a: 1\n" });
  const sealed = await bytesOf(files, "right");
  await expect(read(sealed)).rejects.toMatchObject({ failure: "locked" });
  await expect(read(sealed, "wrong")).rejects.toMatchObject({ failure: "passphrase", message: "the passphrase is wrong" });
  await expect(read(Buffer.from("PK something else entirely"))).rejects.toMatchObject({ failure: "foreign" });
  const [file] = files;
  if (file === undefined) throw new Error("no file");
  for (const name of ["../config.yaml", "/etc/passwd", "history/../x", "other.txt"]) {
    await expect(read(await bytesOf([{ ...file, name }]))).rejects.toMatchObject({ failure: "damaged" });
  }
  await expect(read(await bytesOf([file, file]))).rejects.toThrow("it holds a file twice");
});

test("a file that became shorter ends the backup in an error, and one that cannot be read too", async () => {
  const [file] = await filesOf({ "config.yaml": "a: 1\n" });
  if (file === undefined) throw new Error("no file");
  await expect(bytesOf([{ ...file, size: 99 }])).rejects.toThrow("became shorter");
  await expect(bytesOf([{ ...file, path: join(folder, "none") }])).rejects.toThrow("ENOENT");
});

test("what cannot be written is told as it is", async () => {
  const bytes = await bytesOf(await filesOf(texts));
  const full = Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" });
  await expect(readBackup(inPieces(bytes), { take: () => Promise.reject(full) })).rejects.toBe(full);
});
