import { PassThrough, Readable } from "node:stream";
import { refuseText } from "#kernel";
import { expect, test } from "vitest";
import { arrivingBytes } from "./arriving-bytes.ts";

const tooLarge = (limit: number) => refuseText(`body is larger than ${limit} bytes`, 413);
async function read(source: Readable, limit: number): Promise<string> {
  let text = "";
  for await (const piece of arrivingBytes(source, limit, tooLarge)) text += Buffer.from(piece).toString();
  return text;
}

test("as many bytes as may be, and not one more", async () => {
  const source = () => Readable.from([Buffer.from("ab"), Buffer.from("cd")]);
  expect(await read(source(), 4)).toBe("abcd");
  await expect(read(source(), 3)).rejects.toMatchObject({ status: 413 });
});

test("a sender that goes away is no end of the file", async () => {
  const source = new PassThrough();
  source.write("half");
  const reading = read(source, 100);
  source.destroy(new Error("aborted"));
  await expect(reading).rejects.toMatchObject({ status: 400 });
});
