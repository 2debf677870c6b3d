import { expect, test } from "vitest";
import { readTar, TAR_END, tarHeader } from "./tar.ts";

const MIB = 2 ** 20;

async function namesIn(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of readTar(pieces)) names.push(name);
  return names;
}

test("zeros that fill the last block belong to an archive; endless ones are not read to their end", async () => {
  async function* padded(bytes: number) {
    yield Buffer.concat([tarHeader("sqlite.db", 0), TAR_END, Buffer.alloc(bytes)]);
  }
  expect(await namesIn(padded(10_240))).toEqual(["sqlite.db"]);
  let handedOut = 0;
  async function* endless() {
    yield Buffer.concat([tarHeader("sqlite.db", 0), TAR_END]);
    for (; handedOut < 64 * MIB; handedOut += MIB) yield Buffer.alloc(MIB);
  }
  await expect(namesIn(endless())).rejects.toMatchObject({ failure: "damaged" });
  expect(handedOut).toBeLessThan(4 * MIB);
});
