import { lstatSync, mkdirSync } from "node:fs";
import { posix, win32 } from "node:path";

/** What the choice of a folder depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly temporary: string;
  /** Effective user; undefined on Windows. */
  readonly uid: number | undefined;
}

/** Where the program may be unpacked, best place first. `WINDFIRE_CACHE` names one place and no other. */
export function cacheFolders({ platform, env, home, temporary, uid }: Surroundings): string[] {
  const { join } = platform === "win32" ? win32 : posix;
  if (env["WINDFIRE_CACHE"]) return [env["WINDFIRE_CACHE"]];
  if (platform === "win32") return [join(env["LOCALAPPDATA"] || temporary, "windfire", "program")];
  const folders: string[] = [];
  // Of systemd: the first folder of a list.
  const given = env["CACHE_DIRECTORY"]?.split(":")[0];
  if (given) folders.push(given);
  if (platform === "darwin" && home) folders.push(join(home, "Library/Caches/windfire"));
  else if (env["XDG_CACHE_HOME"]) folders.push(join(env["XDG_CACHE_HOME"], "windfire"));
  else if (home) folders.push(join(home, ".cache/windfire"));
  return [...folders, join(temporary, `windfire-${uid ?? "user"}`)];
}

/**
 * Makes a folder that nobody else can write, or takes the one that is there.
 *
 * @throws Error when it cannot be made, or when it belongs to somebody else or is open to others
 */
export function takePrivateFolder(folder: string, uid: number | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is no folder`);
  if (uid === undefined) return;
  if (found.uid !== uid) throw new Error(`${folder} belongs to another user`);
  if ((found.mode & 0o022) !== 0) throw new Error(`${folder} can be written by others`);
}
