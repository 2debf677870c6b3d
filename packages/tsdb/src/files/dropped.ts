import { pathIn, replaceFile, type Disk } from "./disk.ts";
import { createByteWriter, takeF64, takeU8, type Cursor } from "../codec/bytes.ts";
import { frame, scanFrames } from "./frames.ts";
import { headerFrame, parseHeader } from "./file-header.ts";
import type { StoredFamily } from "../schema.ts";

const NAME = "dropped.dat";

/** Groups whose older rows are to be ignored although files still hold them. */
export interface Dropped {
  /** Rows of the group up to this number are gone; 0 when it was never dropped. */
  before(family: number, key: number): number;
  add(family: number, key: number, number: number): void;
  /** Forgets entries for which `still` says that no file holds such rows any more. */
  prune(still: (family: number, key: number, number: number) => boolean): void;
  /** Writes the list when it has changed. */
  save(): Promise<void>;
  readonly highest: number;
  readonly size: number;
}

export function openDropped(disk: Disk, folder: string, families: readonly StoredFamily[]): Dropped {
  const lists = families.map(() => new Map<number, number>());
  const path = pathIn(folder, NAME);
  let changed = false;
  if (disk.list(folder).includes(NAME)) readInto(disk, path, families, lists);
  return {
    before: (family, key) => lists[family]?.get(key) ?? 0,
    add: (family, key, number) => {
      lists[family]?.set(key, number);
      changed = true;
    },
    prune: (still) => {
      for (const [family, list] of lists.entries()) {
        for (const [key, number] of list) {
          if (still(family, key, number)) continue;
          list.delete(key);
          changed = true;
        }
      }
    },
    save: async () => {
      if (!changed) return;
      changed = false;
      try {
        await replaceFile(disk, path, contentOf(families, lists));
      } catch (error) {
        changed = true;
        throw error;
      }
    },
    get highest() {
      return lists.reduce((highest, list) => [...list.values()].reduce((a, b) => Math.max(a, b), highest), 0);
    },
    get size() {
      return lists.reduce((sum, list) => sum + list.size, 0);
    },
  };
}

function contentOf(families: readonly StoredFamily[], lists: readonly ReadonlyMap<number, number>[]): Uint8Array {
  const out = createByteWriter();
  for (const [family, list] of lists.entries()) {
    for (const [key, number] of list) {
      out.u8(family);
      out.f64(key);
      out.f64(number);
    }
  }
  return Buffer.concat([headerFrame({ kind: "dropped", families }), frame(out.view())]);
}

function readInto(disk: Disk, path: string, families: readonly StoredFamily[], lists: readonly Map<number, number>[]): void {
  const file = disk.open(path, "read");
  let stored: readonly StoredFamily[] | undefined;
  try {
    scanFrames(file, (payload) => {
      if (stored === undefined) {
        stored = parseHeader(payload)?.families ?? [];
        return;
      }
      const cursor: Cursor = { bytes: payload, at: 0 };
      while (cursor.at < payload.length) {
        const name = stored[takeU8(cursor)]?.name;
        const list = lists[families.findIndex((family) => family.name === name)];
        const key = takeF64(cursor);
        const number = takeF64(cursor);
        list?.set(key, number);
      }
    });
  } finally {
    file.close();
  }
}
