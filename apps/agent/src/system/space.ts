import { statfs } from "node:fs";
import type { SpaceOf } from "../collect/disk.ts";

/** Size and free space as `df` counts them: free is what root could write. */
export const spaceOf: SpaceOf = (path) =>
  new Promise((resolve) => {
    statfs(path, (error, found) =>
      resolve(error === null ? { total: found.blocks * found.bsize, free: found.bfree * found.bsize } : undefined),
    );
  });
