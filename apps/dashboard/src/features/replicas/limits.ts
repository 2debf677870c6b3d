/** An answer that takes longer is none: the replica is gone, or as good as. */
export const ANSWER_MS = 3_000;
/** Of streams, whose agent has half a minute to come. */
export const STREAM_ANSWER_MS = 5_000;
/** A snapshot of many servers takes a while. */
export const SNAPSHOT_MS = 10_000;
/** Bytes of a stream that are told to have arrived at once. */
export const ACK_BYTES = 256 * 1024;
/** Bytes of a stream that may be under way from an end that is at another replica. */
export const WINDOW_BYTES = 1024 * 1024;
