import { hash } from "node:crypto";
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCompressor } from "./compressor.ts";
import { gzipPieces } from "./gzip-pieces.ts";

const roomy = { cacheBytes: 1_000_000, waitingBytes: 1_000_000 };
const text = (seed: string, bytes = 5000): Buffer => Buffer.from(seed.repeat(Math.ceil(bytes / seed.length)).slice(0, bytes));

test("what comes out is what went in", async () => {
  const compressor = createCompressor(roomy);
  const bytes = text("Überwachung ");
  const [br, gz, raw] = await Promise.all([
    compressor.compress(bytes, "br"),
    compressor.compress(bytes, "gzip"),
    compressor.compress(bytes, "raw"),
  ]);
  expect(brotliDecompressSync(br ?? "")).toEqual(bytes);
  expect(gunzipSync(gz ?? "")).toEqual(bytes);
  expect(inflateRawSync(raw ?? "", { finishFlush: constants.Z_SYNC_FLUSH })).toEqual(bytes);
});

test("equal content is compressed once, whether it is asked for at once or later", async () => {
  const compressor = createCompressor(roomy);
  await Promise.all([1, 2, 3].map(async () => compressor.compress(text("a"), "gzip")));
  await compressor.compress(text("a"), "gzip");
  await compressor.compress(text("b"), "gzip");
  expect(compressor.counters).toEqual({ compressed: 2, reused: 3, busy: 0 });
});

test("what is kept is bounded in bytes, and what was used last stays", async () => {
  const noise = (seed: number): Buffer => Buffer.concat(Array.from({ length: 32 }, (_, at) => hash("sha256", `${seed} ${at}`, "buffer")));
  const compressor = createCompressor({ cacheBytes: 5000, waitingBytes: 1_000_000 });
  for (const seed of [1, 2, 3, 1, 4, 5, 6, 7]) {
    await compressor.compress(noise(seed), "gzip");
    expect(compressor.cachedBytes).toBeLessThanOrEqual(5000);
  }
  const { compressed } = compressor.counters;
  await compressor.compress(noise(7), "gzip");
  expect(compressor.counters.compressed).toBe(compressed);
  await compressor.compress(noise(2), "gzip");
  expect(compressor.counters.compressed).toBe(compressed + 1);
});

test("when too much waits, who comes gets no answer at once and is counted", async () => {
  const compressor = createCompressor({ cacheBytes: 1_000_000, waitingBytes: 9000 });
  const first = compressor.compress(text("a"), "gzip");
  expect(await compressor.compress(text("b"), "gzip")).toBeUndefined();
  expect(await first).toBeDefined();
  expect(await compressor.compress(text("b"), "gzip")).toBeDefined();
  expect(compressor.counters.busy).toBe(1);
});

test("pieces make one stream, and only what is not fresh is kept", async () => {
  const compressor = createCompressor(roomy);
  const page = async (nonce: string) =>
    gzipPieces(
      [{ text: "<html>" }, { text: nonce, fresh: true }, { text: "body ".repeat(2000) }, { text: nonce, fresh: true }],
      compressor,
    );
  const [first, second] = [await page("one"), await page("two")];
  expect(gunzipSync(first ?? "").toString()).toBe(`<html>one${"body ".repeat(2000)}one`);
  expect(gunzipSync(second ?? "").toString()).toBe(`<html>two${"body ".repeat(2000)}two`);
  expect(compressor.counters).toMatchObject({ compressed: 2, reused: 2 });
});

test("any pieces are what they were", async () => {
  const compressor = createCompressor(roomy);
  const piece = fc.record({ text: fc.string({ maxLength: 50, unit: "grapheme" }), times: fc.nat({ max: 4000 }), fresh: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (given) => {
      const pieces = given.map(({ text: unit, times, fresh }) => ({ text: unit.repeat(times), ...(fresh && { fresh: true as const }) }));
      const gz = await gzipPieces(pieces, compressor);
      expect(gunzipSync(gz ?? "").equals(Buffer.from(pieces.map((one) => one.text).join("")))).toBe(true);
    }),
    { numRuns: 50 },
  );
});
