import fc from "fast-check";
import { expect, test } from "vitest";
import { applyBlockPatch, makeBlockPatch, PATCH_BLOCK_BYTES } from "./block-patch.ts";

const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

function block(fill: number): Uint8Array {
  return new Uint8Array(PATCH_BLOCK_BYTES).fill(fill);
}

test("a file comes back from another one and the patch, whatever moved, changed or went", () => {
  const blocks = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 });
  fc.assert(
    fc.property(blocks, blocks, fc.integer({ min: 0, max: PATCH_BLOCK_BYTES - 1 }), (from, to, tail) => {
      const other = Buffer.concat(from.map(block));
      const wanted = Buffer.concat([...to.map(block), block(9).subarray(0, tail)]);
      const patch = makeBlockPatch(other, wanted, keyOf);
      expect(Buffer.concat([...applyBlockPatch(other, patch)]).equals(wanted)).toBe(true);
    }),
  );
});

test("blocks that are there already are not kept, and a patch of another file is refused", () => {
  const other = Buffer.concat([block(1), block(2), block(3)]);
  const patch = makeBlockPatch(other, Buffer.concat([block(2), block(3), block(7)]), keyOf);
  expect(patch.runs).toEqual([
    [1, 2],
    [-1, 1],
  ]);
  expect(patch.literals).toHaveLength(PATCH_BLOCK_BYTES);
  expect(() => [...applyBlockPatch(other.subarray(0, 5000), patch)]).toThrow(RangeError);
});
