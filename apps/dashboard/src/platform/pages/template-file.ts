import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** A file found in one of the folders of a template. */
export interface TemplateFile {
  readonly root: string;
  readonly name: string;
  readonly path: string;
  readonly modifiedMs: number;
  readonly bytes: number;
}

/**
 * Looks a file up in the folders of a template, first match first. Folders do not match, nor does anything whose real path is outside
 * its folder (a symbolic link that leaves it).
 */
export async function findFile(roots: readonly string[], name: string): Promise<TemplateFile | undefined> {
  for (const root of roots) {
    const path = join(root, name);
    try {
      const [folder, target, info] = await Promise.all([realpath(root), realpath(path), stat(path)]);
      if (info.isFile() && target.startsWith(folder + sep)) return { root, name, path, modifiedMs: info.mtimeMs, bytes: info.size };
    } catch {
      // Not there: the next folder may have it.
    }
  }
  return undefined;
}
