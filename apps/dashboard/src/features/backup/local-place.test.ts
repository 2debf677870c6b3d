import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { createLocalPlace } from "./local-place.ts";
import { keepBackup } from "./making.ts";

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

const nameOf = (day: number): string => `windfire-2026010${day}T000000Z.tar.zst`;
const SIGNER = "5f0c81ad".repeat(4);
const PIECES = ["one", "two", "three"];

/** What lies in a folder at the moment before a backup asks for each of its pieces, as a process that is killed then leaves it. */
async function* killedAt(folder: string, target: string): AsyncGenerator<string> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const asked: (() => void)[] = [];
  let ask = Promise.withResolvers<void>();
  const bytes = (async function* () {
    for (const piece of [...PIECES, undefined]) {
      ask.resolve();
      await new Promise<void>((go) => void asked.push(go));
      if (piece !== undefined) yield Buffer.from(piece);
    }
  })();
  const done = createLocalPlace(folder)
    .put(nameOf(5), bytes)
    .finally(() => end());
  for (let at = 0; at <= PIECES.length; at++) {
    await ask.promise;
    const copy = join(target, String(at));
    await cp(folder, copy, { recursive: true });
    ask = Promise.withResolvers();
    yield copy;
    asked.shift()?.();
  }
  await ended;
  await done;
}

test("killed at any moment a backup leaves nothing that looks whole, the older ones stay, and the next one tidies up", async () => {
  const root = await mkdtemp(join(tmpdir(), "local-place-"));
  try {
    const folder = join(root, "backups");
    await createLocalPlace(folder).put(nameOf(4), Readable.from([Buffer.from("older")]));
    let looks = 0;
    for await (const copy of killedAt(folder, join(root, "killed"))) {
      looks += 1;
      const place = createLocalPlace(copy);
      expect(await place.names()).toEqual([nameOf(4)]);
      const backup = { signer: SIGNER, bytes: () => Readable.from([Buffer.from("newer")]) };
      expect(await keepBackup(backup, nameOf(6), [{ title: "disk", place }], 1)).toEqual({ size: 5, errors: [] });
      expect(await readdir(copy)).toEqual([nameOf(6)]);
    }
    expect(looks).toBe(PIECES.length + 1);
    expect(await readFile(join(folder, nameOf(5)), "utf8")).toBe(PIECES.join(""));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test("one that fails removes none of those before it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-place-"));
  try {
    await writeFile(join(folder, nameOf(1)), "good");
    const place = createLocalPlace(folder);
    const broken = async function* () {
      yield Buffer.from("half");
      throw new Error("the disk is full");
    };
    const { errors } = await keepBackup({ signer: SIGNER, bytes: broken }, nameOf(2), [{ title: "disk", place }], 1);
    expect(errors).toEqual(["disk: the disk is full"]);
    expect(await readdir(folder)).toEqual([nameOf(1)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("with a clock that was set back the older by name goes, and one that is whole stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-place-"));
  try {
    const place = createLocalPlace(folder);
    for (const day of [3, 2]) {
      const backup = { signer: SIGNER, bytes: () => Readable.from([Buffer.from("whole")]) };
      await keepBackup(backup, nameOf(day), [{ title: "disk", place }], 1);
    }
    expect(await place.list()).toEqual([{ name: nameOf(3), size: 5 }]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
