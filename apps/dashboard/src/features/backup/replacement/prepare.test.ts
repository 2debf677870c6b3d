import { expect, test } from "vitest";
import { backupBytes } from "./prepare.ts";

/** How a backup begins. */
const START = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

test("a file that does not say how long it is is taken as far as there is room, and not one byte further", async () => {
  let sent = 0;
  const endless = async function* () {
    for (;;) {
      sent += START.length;
      yield START;
    }
  };
  const taken: Uint8Array[] = [];
  const take = async (): Promise<void> => {
    for await (const piece of backupBytes(endless(), 2 * START.length)) taken.push(piece);
  };
  await expect(take()).rejects.toMatchObject({ failure: "large" });
  expect([taken.length, sent]).toEqual([2, 3 * START.length]);
});

test.each<[string, Buffer[], string]>([
  ["nothing", [], "the file is empty"],
  ["something else", [Buffer.from("GIF89a")], "this is no backup of Windfire"],
])("%s is no backup", async (_what, pieces, message) => {
  const source = async function* () {
    yield* pieces;
  };
  await expect(Array.fromAsync(backupBytes(source(), 100))).rejects.toThrow(message);
});
