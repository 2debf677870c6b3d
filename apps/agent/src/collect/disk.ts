import type { Clock } from "@windfire/kit";

/** Bytes. */
export interface DiskReading {
  readonly total: number;
  readonly used: number;
}

/** Size and free space of the file system that holds a path, in bytes. */
export interface Space {
  readonly total: number;
  readonly free: number;
}

/** A file system to count. Those with the same pool share their free space, which is counted once. */
export interface Volume {
  readonly path: string;
  readonly pool: string;
}

/** Undefined when it cannot be read. */
export type SpaceOf = (path: string) => Promise<Space | undefined>;

/** What the file systems hold together; unreadable ones are left out (spec 21 section 4.5). */
export async function measureVolumes(volumes: readonly Volume[], spaceOf: SpaceOf): Promise<DiskReading> {
  const spaces = await Promise.all(volumes.map(({ path }) => spaceOf(path)));
  return sumVolumes(
    volumes.flatMap(({ pool }, index) => {
      const space = spaces[index];
      return space === undefined ? [] : [{ pool, ...space }];
    }),
  );
}

export function sumVolumes(volumes: readonly (Space & { readonly pool: string })[]): DiskReading {
  const freeOfPool = new Map<string, number>();
  let used = 0;
  for (const { pool, total, free } of volumes) {
    used += total - free;
    freeOfPool.set(pool, Math.max(freeOfPool.get(pool) ?? 0, free));
  }
  let free = 0;
  for (const share of freeOfPool.values()) free += share;
  return { total: used + free, used };
}

const PATIENCE_MS = 500;
const MAX_PATHS = 1024;

/**
 * Asks for one path at most once at a time and answers with the last known space when an answer takes longer than half a
 * second: a file system that hangs (a network share whose server is gone) neither stops the samples nor collects waiting
 * threads.
 */
export function patientSpace(ask: SpaceOf, clock: Clock): SpaceOf {
  const known = new Map<string, { space: Space | undefined; pending: boolean }>();
  return async (path) => {
    if (known.size > MAX_PATHS) known.clear();
    const entry = known.get(path) ?? { space: undefined, pending: false };
    known.set(path, entry);
    if (!entry.pending) await refresh(entry, ask(path), clock);
    return entry.space;
  };
}

function refresh(entry: { space: Space | undefined; pending: boolean }, answer: Promise<Space | undefined>, clock: Clock): Promise<void> {
  entry.pending = true;
  return new Promise((resolve) => {
    const timer = clock.setTimeout(resolve, PATIENCE_MS);
    void answer.then((space) => {
      entry.space = space;
      entry.pending = false;
      timer.cancel();
      resolve();
    });
  });
}
