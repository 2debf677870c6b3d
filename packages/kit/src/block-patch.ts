/** A file told by another one that holds most of it: blocks of both are compared, and what the other one lacks is kept. */
export interface BlockPatch {
  /** Of the file that is told, bytes. */
  readonly size: number;
  /** The file from its beginning: `count` blocks from block `at` of the other file, or from `literals` where `at` is -1. */
  readonly runs: readonly (readonly [at: number, count: number])[];
  /** Blocks that the other file does not hold, in the order of their use. */
  readonly literals: Uint8Array;
}

export const PATCH_BLOCK_BYTES = 4096;

/**
 * @param from the file that will be at hand
 * @param to the file that is wanted
 * @param keyOf the same text for equal blocks alone
 */
export function makeBlockPatch(from: Uint8Array, to: Uint8Array, keyOf: (block: Uint8Array) => string): BlockPatch {
  const places = new Map<string, number>();
  const blocks = Math.floor(from.length / PATCH_BLOCK_BYTES);
  for (let at = 0; at < blocks; at++) places.set(keyOf(blockOf(from, at)), at);
  const runs: [at: number, count: number][] = [];
  const literals: Uint8Array[] = [];
  for (let block = 0; block * PATCH_BLOCK_BYTES < to.length; block++) {
    const bytes = blockOf(to, block);
    const at = places.get(keyOf(bytes)) ?? -1;
    if (at === -1) literals.push(bytes);
    const last = runs.at(-1);
    const goesOn = last !== undefined && (at === -1 ? last[0] === -1 : last[0] !== -1 && at === last[0] + last[1]);
    if (goesOn) last[1]++;
    else runs.push([at, 1]);
  }
  return { size: to.length, runs, literals: joined(literals) };
}

/**
 * The file that a patch tells, piece by piece.
 *
 * @throws RangeError when the patch does not belong to this file
 */
export function* applyBlockPatch(from: Uint8Array, { size, runs, literals }: BlockPatch): Generator<Uint8Array> {
  let used = 0;
  let written = 0;
  for (const [at, count] of runs) {
    const length = Math.min(count * PATCH_BLOCK_BYTES, size - written);
    const start = at === -1 ? used : at * PATCH_BLOCK_BYTES;
    const piece = (at === -1 ? literals : from).subarray(start, start + length);
    if (piece.length !== length) throw new RangeError("the patch does not belong to this file");
    if (at === -1) used += length;
    written += length;
    yield piece;
  }
  if (written !== size) throw new RangeError("the patch does not belong to this file");
}

function blockOf(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * PATCH_BLOCK_BYTES, (index + 1) * PATCH_BLOCK_BYTES);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
