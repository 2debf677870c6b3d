import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { freeBytes } from "@windfire/kit";

/**
 * A file is compacted by writing all of it twice: into a copy, and back. Where the disk has no room for that nothing is begun (spec 41
 * section 11.1).
 *
 * @throws what is missing
 */
export async function requireCompactingSpace(path: string, freeBytesIn: (folder: string) => Promise<number> = freeBytes): Promise<void> {
  const { size } = await stat(path);
  const free = await freeBytesIn(dirname(path));
  if (free < 2 * size) throw new Error(`compacting the database takes ${2 * size} free bytes, and there are ${free}`);
}
