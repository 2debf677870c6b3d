import type { Segment } from "./segment.ts";

/** Open files beyond this many, or indexes beyond this many bytes, are released, least recently used first. */
const MOST_OPEN = 96;
const MOST_INDEX_BYTES = 16 * 2 ** 20;

/** Segments whose files are open, in the order in which they were used last. */
export interface OpenSegments {
  /** The segment, as the one that was used last. */
  touch(segment: Segment | undefined): Segment | undefined;
  /** Closes the file of a segment that is out of use, and gives its path. */
  detach(segment: Segment): string;
  /** Closes those that were not used for long, where too many are open. */
  releaseIdle(): void;
}

export function createOpenSegments(): OpenSegments {
  const used = new Map<Segment, true>();
  return {
    touch: (segment) => {
      if (segment === undefined) return undefined;
      used.delete(segment);
      used.set(segment, true);
      return segment;
    },
    detach: (segment) => {
      used.delete(segment);
      segment.release();
      return segment.path;
    },
    releaseIdle: () => {
      let open = 0;
      let bytes = 0;
      for (const segment of [...used.keys()].reverse()) {
        open++;
        bytes += segment.held;
        if (open <= MOST_OPEN && bytes <= MOST_INDEX_BYTES) continue;
        used.delete(segment);
        segment.release();
      }
    },
  };
}
