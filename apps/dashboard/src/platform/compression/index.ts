export { chosenCoding, type Coding, CODINGS } from "./accept-encoding.ts";
export { type Compressor, createCompressor } from "./compressor.ts";
export { gzipPieces, type Piece } from "./gzip-pieces.ts";
