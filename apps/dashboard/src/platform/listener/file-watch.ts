import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";

export interface FileWatch {
  /** Looks up again where the files lie: a link may lead elsewhere since. */
  follow(): Promise<void>;
  stop(): void;
}

/**
 * Tells of changes around files, by their folders: who renews a file may write it, put another in its place, or swap a link to it or to
 * its folder, as certbot and Kubernetes do. May tell too often, and not at all where the system cannot watch (network folders).
 */
export function watchFiles(paths: () => readonly string[], onChange: () => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let stopped = false;

  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): void => {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, onChange);
      watcher.on("error", () => drop(folder));
      watchers.set(folder, watcher);
    } catch {
      // The folder is gone or cannot be watched; whoever uses this looks by itself from time to time.
    }
  };
  return {
    async follow() {
      const folders = new Set((await Promise.all(paths().map(foldersOf))).flat());
      if (stopped) return;
      for (const folder of watchers.keys()) if (!folders.has(folder)) drop(folder);
      for (const folder of folders) add(folder);
    },
    stop() {
      stopped = true;
      for (const folder of watchers.keys()) drop(folder);
    },
  };
}

/** The folder of a path as it is written, of what the folder's links lead to, and of what the file's links lead to. */
async function foldersOf(path: string): Promise<string[]> {
  const written = dirname(path);
  const real = await Promise.all([realpath(written).catch(() => written), realpath(path).then(dirname, () => written)]);
  return [...new Set([dirname(written), written, ...real])];
}
