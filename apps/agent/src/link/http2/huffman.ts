import { Http2Error, ERROR_CODE } from "./errors.ts";

/** The end-of-string symbol; it never occurs in a text. */
const END = 256;
const MAX_PADDING_BITS = 7;

/**
 * Symbols by the length of their codes in bits (RFC 7541 appendix B). Codes of one length follow each other in the order
 * of the symbols, and each length begins where the shorter one ended, so the lengths say it all.
 */
const SYMBOLS: readonly (readonly [bits: number, symbols: readonly number[]])[] = [
  [5, bytes("012aceiost")],
  [6, bytes(" %-./3456789=A_bdfghlmnpru")],
  [7, bytes(":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz")],
  [8, bytes("&*,;XZ")],
  [10, bytes('!"()?')],
  [11, bytes("'+|")],
  [12, bytes("#>")],
  [13, bytes("\0$@[]~")],
  [14, bytes("^}")],
  [15, bytes("<`{")],
  [19, [92, 195, 208]],
  [20, [128, 130, 131, 162, 184, 194, 224, 226]],
  [21, [153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230]],
  [22, [129, 132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190, 196, 198, 228, 232, 233]],
  [
    23,
    [
      1, 135, 137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157, 158, 165, 166, 168, 174, 175, 180, 182, 183, 188, 191, 197,
      231, 239,
    ],
  ],
  [24, [9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237]],
  [25, [199, 207, 234, 235]],
  [26, [192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255]],
  [27, [203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250, 251, 252, 253, 254]],
  [28, [2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 220, 249]],
  [30, [10, 13, 22, END]],
];

interface Level {
  readonly first: number;
  readonly symbols: readonly number[];
}

const LEVELS = buildLevels();

/** Decodes a text. @throws Http2Error when the bytes are no Huffman code */
export function decodeHuffman(encoded: Uint8Array): string {
  const decoded: number[] = [];
  let code = 0;
  let bits = 0;
  for (const byte of encoded) {
    for (let shift = 7; shift >= 0; shift--) {
      code = (code << 1) | ((byte >> shift) & 1);
      bits++;
      const level = LEVELS[bits];
      const symbol = level?.symbols[code - level.first];
      if (symbol === END || bits > 30) throw new Http2Error(ERROR_CODE.compression, "bad Huffman code");
      if (symbol === undefined) continue;
      decoded.push(symbol);
      code = 0;
      bits = 0;
    }
  }
  // What is left must be the beginning of the end-of-string code: all ones, shorter than a byte.
  if (bits > MAX_PADDING_BITS || code !== (1 << bits) - 1) throw new Http2Error(ERROR_CODE.compression, "bad Huffman padding");
  return Buffer.from(decoded).toString("latin1");
}

function buildLevels(): (Level | undefined)[] {
  const levels: (Level | undefined)[] = [];
  let next = 0;
  let bits = 0;
  for (const [length, symbols] of SYMBOLS) {
    next <<= length - bits;
    bits = length;
    levels[length] = { first: next, symbols };
    next += symbols.length;
  }
  return levels;
}

function bytes(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
