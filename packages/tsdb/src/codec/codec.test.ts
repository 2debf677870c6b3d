import fc from "fast-check";
import { expect, test } from "vitest";
import { createBlockEncoder, readBlock, readBlockHead } from "./block.ts";
import { createBitWriter, readRice, riceBits, writeRice } from "./bits.ts";
import { createByteWriter, takeF64, takeU16, takeU32, takeU8, takeVarint, unzigzag, zigzag } from "./bytes.ts";
import { coarsestGrid, gridOf } from "./grid.ts";
import { mergeRows, type Rows } from "./rows.ts";

const whole = fc.oneof(fc.nat(3), fc.nat(), fc.maxSafeNat());

test("Rice codes give back whole numbers of any size, in the bits announced", () => {
  const writer = createBitWriter();
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 300 }), (numbers) => {
      const values = Float64Array.from(numbers);
      writer.reset();
      writeRice(writer, values, values.length);
      const bytes = writer.finish().slice();
      expect(bytes.length).toBe(Math.ceil(riceBits(values, values.length) / 8));
      const back = new Float64Array(values.length);
      expect(readRice(bytes, 0, back, back.length)).toBe(bytes.length);
      expect(back).toEqual(values);
    }),
  );
});

test("zigzag is undone", () => {
  fc.assert(fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), (value) => unzigzag(zigzag(value)) === value));
});

test("bytes come back as written, and their end is noticed", () => {
  fc.assert(
    fc.property(fc.nat(255), fc.nat(65_535), fc.nat(0xff_ff_ff_ff), fc.double(), whole, (u8, u16, u32, f64, varint) => {
      const writer = createByteWriter(1);
      writer.u8(u8);
      writer.u16(u16);
      writer.u32(u32);
      writer.f64(f64);
      writer.varint(varint);
      const cursor = { bytes: writer.view(), at: 0 };
      expect([takeU8(cursor), takeU16(cursor), takeU32(cursor), takeF64(cursor), takeVarint(cursor)]).toEqual([u8, u16, u32, f64, varint]);
      expect(() => takeU8(cursor)).toThrow(RangeError);
      expect(() => takeF64({ bytes: writer.view(), at: writer.length - 3 })).toThrow(RangeError);
    }),
  );
});

test.each([
  [0.01, -2],
  [0.1, -1],
  [1, 0],
  [1024, 10],
])("a step of %d is grid %d", (step, grid) => {
  expect(gridOf(step)).toBe(grid);
});

test.each([0.3, 3, 0, Number.NaN])("a step of %d is refused", (step) => {
  expect(() => gridOf(step)).toThrow(RangeError);
});

test("values on a coarse grid are kept on it", () => {
  expect(coarsestGrid(Float64Array.of(8_192, 4_096, 0), 3, 0)).toBe(12);
  expect(coarsestGrid(Float64Array.of(8_192, 4_096, 5), 3, 10)).toBe(10);
  expect(coarsestGrid(Float64Array.of(0.5, 7, 12.5), 3, -3)).toBe(-1);
  expect(coarsestGrid(Float64Array.of(3, 7), 2, -3)).toBe(0);
});

const rowsArbitrary = (value: fc.Arbitrary<number>): fc.Arbitrary<Rows> =>
  fc
    .uniqueArray(fc.tuple(fc.nat(100_000), fc.integer({ min: 1, max: 40 }), fc.array(value, { minLength: 3, maxLength: 3 })), {
      selector: ([slot]) => slot,
      minLength: 1,
      maxLength: 200,
    })
    .map((rows) => rows.toSorted(([a], [b]) => a - b))
    .map((rows) => ({
      length: rows.length,
      slots: Int32Array.from(rows, ([slot]) => slot),
      counts: Uint32Array.from(rows, ([, count]) => count),
      columns: [0, 1, 2].map((column) => Float64Array.from(rows, ([, , values]) => values[column] ?? Number.NaN)),
    }));

function throughBlock(rows: Rows, grids: number[], checksums: boolean): Rows {
  const out = createByteWriter();
  const head = createBlockEncoder().encode(out, rows, grids, { checksums });
  const bytes = new Uint8Array(out.length + 12);
  bytes.set(out.view());
  expect(readBlockHead(bytes, 0).end).toBe(head);
  return readBlock(bytes, 0, [0, 1, 2]);
}

test("blocks give back whole numbers, hundredths, gaps and missing values exactly", () => {
  const values = fc.oneof(
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
    { weight: 5, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 100) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 ** 48 }) },
  );
  fc.assert(
    fc.property(rowsArbitrary(values), fc.boolean(), (rows, checksums) => {
      expect(throughBlock(rows, [-2, -2, -2], checksums)).toEqual(rows);
    }),
  );
});

test("blocks round any number to the grid, and numbers too large for it not at all", () => {
  fc.assert(
    fc.property(rowsArbitrary(fc.double({ noDefaultInfinity: true, noNaN: true })), (rows) => {
      const back = throughBlock(rows, [-2, 0, 10], false);
      for (const [column, step] of [0.01, 1, 1024].entries()) {
        for (const [row, value] of (rows.columns[column] ?? []).entries()) {
          expect(Math.abs((back.columns[column]?.[row] ?? Number.NaN) - value)).toBeLessThanOrEqual(step / 2 + Math.abs(value) * 1e-15);
        }
      }
    }),
  );
});

test("a series that does not change is kept exactly", () => {
  const value = 17_179_869_183.123;
  const rows: Rows = {
    length: 3,
    slots: Int32Array.of(1, 2, 3),
    counts: Uint32Array.of(1, 1, 1),
    columns: [Float64Array.of(value, value, value)],
  };
  const out = createByteWriter();
  createBlockEncoder().encode(out, rows, [10], { checksums: true });
  expect(readBlock(Uint8Array.of(...out.view(), ...new Uint8Array(12)), 0, [0]).columns[0]).toEqual(rows.columns[0]);
});

test("rows of several sources merge by slot as if they had come together", () => {
  fc.assert(
    fc.property(fc.array(rowsArbitrary(fc.integer({ min: -1_000, max: 1_000 })), { minLength: 1, maxLength: 4 }), (sources) => {
      const merged = mergeRows(sources, ["mean", "last", "sum"]);
      const all = sources.flatMap((rows) => Array.from(rows.slots, (slot, row) => ({ slot, count: rows.counts[row] ?? 0, rows, row })));
      expect([...merged.slots]).toEqual([...new Set(all.map(({ slot }) => slot))].toSorted((a, b) => a - b));
      for (const [index, slot] of merged.slots.entries()) {
        const parts = all.filter((part) => part.slot === slot);
        const count = parts.reduce((sum, part) => sum + part.count, 0);
        const values = (column: number): number[] => parts.map(({ rows, row }) => rows.columns[column]?.[row] ?? Number.NaN);
        expect(merged.counts[index]).toBe(count);
        const mean = values(0).reduce((sum, value, part) => sum + (value * (parts[part]?.count ?? 0)) / count, 0);
        expect(merged.columns[0]?.[index]).toBeCloseTo(mean, 6);
        expect(merged.columns[1]?.[index]).toBe(values(1).at(-1));
        expect(merged.columns[2]?.[index]).toBe(values(2).reduce((a, b) => a + b, 0));
      }
    }),
    { numRuns: 50 },
  );
});
