import { Readable } from "node:stream";
import type { Transform } from "node:stream";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";

/** Costs less time than the disk. */
const LEVEL = 3;
/** Windows of our own writer are 2 MiB; what others made cannot take more than 8. */
const MOST_WINDOW_LOG = 23;

/** Zstandard, one frame with a checksum. */
export function compressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { ZSTD_c_checksumFlag: checksum, ZSTD_c_compressionLevel: level } = constants;
  return through(source, createZstdCompress({ params: { [checksum]: 1, [level]: LEVEL } }));
}

/** The bytes that {@link compressed} took. Ends in an error when the frame is not whole. */
export function decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  return through(source, createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: MOST_WINDOW_LOG } }));
}

/** Failures of either end come to whoever reads, and whoever stops reading ends both. */
async function* through(source: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Buffer> {
  const input = Readable.from(source, { objectMode: false });
  input.on("error", (error) => transform.destroy(error));
  // Whoever reads hears of it by the iteration; errors after that are of no interest to anybody.
  transform.on("error", () => undefined);
  input.pipe(transform);
  try {
    yield* transform as AsyncIterable<Buffer>;
  } finally {
    input.destroy();
    transform.destroy();
  }
}
