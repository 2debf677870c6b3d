import { basename } from "node:path";
import type { Disk, DiskFile } from "../files/disk.ts";

/** What a file holds, and how much of it has certainly reached the disk. */
interface Node {
  content: Uint8Array;
  synced: Uint8Array;
}

/** Files by name as a crash leaves them. */
export type DiskImage = ReadonlyMap<string, Uint8Array>;

export type Crash = "killed" | "power-cut";

/** A file system in memory, of one folder, that shows what a crash after any of its steps would leave. */
export interface MemoryDisk extends Disk {
  /** What is left when the process is killed now (all that was written), or the power fails (all that was synced, names too). */
  image(crash: Crash): DiskImage;
}

/** Something that changes the disk, told after it is done; throwing from `before` makes it fail. */
export interface Steps {
  readonly before?: (what: string) => void;
  readonly after?: (what: string) => void;
}

const EMPTY = new Uint8Array(0);

export function createMemoryDisk(image: DiskImage = new Map(), steps: Steps = {}): MemoryDisk {
  const names = new Map<string, Node>();
  let syncedNames = new Map<string, Node>();
  for (const [name, content] of image) names.set(name, { content, synced: content });
  syncedNames = new Map(names);

  const step = <T>(what: string, change: () => T): T => {
    steps.before?.(what);
    const result = change();
    steps.after?.(what);
    return result;
  };
  const nodeAt = (path: string): Node => {
    const node = names.get(basename(path));
    if (node === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
    return node;
  };
  const fileOn = (node: Node, name: string): DiskFile => ({
    read: (into, position) => {
      const part = node.content.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    write: (bytes, position) =>
      step(`write ${name}`, () => {
        const content = new Uint8Array(Math.max(node.content.length, position + bytes.length));
        content.set(node.content);
        content.set(bytes, position);
        node.content = content;
      }),
    size: () => node.content.length,
    truncate: (length) => step(`truncate ${name}`, () => void (node.content = node.content.slice(0, length))),
    sync: async () => step(`sync ${name}`, () => void (node.synced = node.content)),
    close: () => undefined,
  });
  return {
    ensureFolder: () => undefined,
    list: () => [...names.keys()].sort(),
    open: (path, mode) => {
      const name = basename(path);
      if (mode === "create") step(`create ${name}`, () => void names.set(name, { content: EMPTY, synced: EMPTY }));
      return fileOn(nodeAt(path), name);
    },
    rename: (from, to) =>
      step(`rename ${basename(to)}`, () => {
        names.set(basename(to), nodeAt(from));
        names.delete(basename(from));
      }),
    remove: (path) => {
      if (names.has(basename(path))) step(`remove ${basename(path)}`, () => void names.delete(basename(path)));
    },
    syncFolder: async () => step("sync folder", () => void (syncedNames = new Map(names))),
    freeBytes: () => 2 ** 40,
    image: (crash) =>
      new Map(
        [...(crash === "killed" ? names : syncedNames)].map(([name, node]) => [name, crash === "killed" ? node.content : node.synced]),
      ),
  };
}
