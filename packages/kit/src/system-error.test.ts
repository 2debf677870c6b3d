import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reasonOf, systemCode } from "./system-error.ts";

test("errors of the system become words, others keep theirs", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kit-"));
  try {
    const ofFolder = await readFile(folder).catch((error: unknown) => error);
    expect([systemCode(ofFolder), reasonOf(ofFolder)]).toEqual(["EISDIR", "it is a folder, not a file"]);
    const ofMissing = await readFile(join(folder, "none")).catch((error: unknown) => error);
    expect(reasonOf(ofMissing)).toBe("there is no such file or folder");
    await writeFile(join(folder, "file"), "");
    const ofBelow = await readFile(join(folder, "file", "below")).catch((error: unknown) => error);
    expect(reasonOf(ofBelow)).toBe("a part of its path is a file, not a folder");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [new Error("words"), undefined, "words"],
  [Object.assign(new Error("EWHAT: odd"), { code: "EWHAT" }), "EWHAT", "EWHAT: odd"],
  [Object.assign(new Error("number"), { code: 5 }), undefined, "number"],
  ["text", undefined, "text"],
])("%o", (error, code, reason) => {
  expect([systemCode(error), reasonOf(error)]).toEqual([code, reason]);
});
