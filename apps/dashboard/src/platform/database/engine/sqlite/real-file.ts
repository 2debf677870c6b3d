import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { systemCode } from "@windfire/kit";

/** Where a path leads, through symbolic links, also when there is no file yet at its end. Fails as the system does. */
export async function realFile(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
  const isLink = await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  if (isLink) return realFile(resolve(await realpath(dirname(path)), await readlink(path)));
  return join(await realpath(dirname(path)), basename(path));
}
