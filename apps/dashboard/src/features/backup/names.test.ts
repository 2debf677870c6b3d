import { expect, test } from "vitest";
import { backupName, isBackupName, namesToDrop, ofName } from "./names.ts";

const OURS = "5f0c81ad".repeat(4);
const THEIRS = "00c0ffee".repeat(4);
const nameOf = (day: number, signer = OURS): string => backupName({ at: Date.UTC(2026, 0, day, 3, 30), signer, encrypted: false });
const UNTOLD = "windfire-20251231T033000Z.tar.zst";

test.each([false, true])("a name tells when it was made and whether it is encrypted (%s)", (encrypted) => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5);
  const name = backupName({ at, signer: OURS, encrypted });
  expect([isBackupName(name), ofName(name)]).toEqual([true, { at, encrypted }]);
});

test("two installations that share a place have names of their own for the same second, and each drops its own", () => {
  const names = [1, 2, 3].flatMap((day) => [nameOf(day), nameOf(day, THEIRS)]);
  expect(new Set(names).size).toBe(6);
  expect(namesToDrop(names, 1, OURS)).toEqual([nameOf(2), nameOf(1)]);
  expect(namesToDrop(names, 2, THEIRS)).toEqual([nameOf(1, THEIRS)]);
});

test("names from before they told whose they are count as one's own, and are the first to go", () => {
  expect(ofName(UNTOLD)).toEqual({ at: Date.UTC(2025, 11, 31, 3, 30), encrypted: false });
  expect(namesToDrop([UNTOLD, nameOf(1), "notes.txt"], 1, OURS)).toEqual([UNTOLD]);
});
