import { lstat, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";
import { isErrorCode } from "../fault.ts";

/** A path that no order may use. Its text may be told to the dashboard. */
export class GuardFault extends Error {}

/** What a path is wanted for. `tree`: it and everything below it is to go. */
export type Purpose = "list" | "read" | "write" | "delete" | "tree";

/** What identifies a file however it is named. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/**
 * Keeps orders away from the file that says what orders may do, under every name it has, and inside the folders that they
 * are limited to.
 */
export interface FileGuard {
  /**
   * The path to use in place of the one that was asked for: without links, so that nothing else can be meant by it. Only
   * the last part may still be a link, where `follow` is not set. Errors of the system for what is not there are thrown
   * as they are.
   *
   * @throws GuardFault when the path may not be used
   */
  admit(path: string, purpose: Purpose, options: { readonly follow: boolean }): Promise<string>;
  /** For a file that was opened, or met in a folder. @throws GuardFault when it is the agent's own */
  refuseOwn(found: FileIdentity): Promise<void>;
}

const OWN_TEXT = "this file belongs to the agent, no order may touch it";
const NUL_TEXT = "a path holds no NUL byte";
const OUTSIDE_TEXT = "this host does not permit this path";

/**
 * @param ownFile the configuration of this agent
 * @param folders what orders are limited to; undefined: everything else
 */
export function createFileGuard(ownFile: string, folders: readonly string[] | undefined): FileGuard {
  const own = resolve(ownFile);
  const ownIdentity = (): Promise<FileIdentity | undefined> => stat(own).catch(() => undefined);
  const refuseOwn = async (found: FileIdentity): Promise<void> => {
    const identity = await ownIdentity();
    if (identity?.ino === found.ino && identity.dev === found.dev) throw new GuardFault(OWN_TEXT);
  };
  const ownNames = async (): Promise<string[]> => [
    own,
    await realOf(own, true).catch(() => own),
    await realOf(own, false).catch(() => own),
  ];

  return {
    refuseOwn,
    admit: async (path, purpose, { follow }) => {
      if (path.includes("\0")) throw new GuardFault(NUL_TEXT);
      const real = await realOf(path, follow);
      const names = await ownNames();
      if (names.some((name) => isSame(name, real) || isNextOf(name, real))) throw new GuardFault(OWN_TEXT);
      // Whoever puts something in the place of a folder or a link on the way to the file has the file.
      const isChange = purpose === "write" || purpose === "delete" || purpose === "tree";
      if (isChange && names.some((name) => isBelow(name, real))) throw new GuardFault(OWN_TEXT);
      const found = await (follow ? stat(real) : lstat(real)).catch(() => undefined);
      if (found !== undefined) await refuseOwn(found);
      if (folders !== undefined && !(await isInside(real, folders))) throw new GuardFault(OUTSIDE_TEXT);
      return real;
    },
  };
}

async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined && (isSame(real, path) || isBelow(path, real))) return true;
  }
  return false;
}

/**
 * The path as the system sees it: `..` after a link goes where the link leads. What is not there yet keeps its names.
 *
 * @throws errors of the system, GuardFault for a path through what is not there
 */
async function realOf(path: string, follow: boolean): Promise<string> {
  const asked = isAbsolute(path) ? path : `${process.cwd()}${sep}${path}`;
  const last = basename(asked);
  const isPlainName = last !== "" && last !== "." && last !== "..";
  if (follow || !isPlainName) {
    const whole = await realOrMissing(asked);
    if (whole !== undefined) return whole;
  }
  if (!isPlainName) throw new GuardFault(OUTSIDE_TEXT);
  return join(await realFolder(dirname(asked)), last);
}

/** A folder that may be made yet. A link in its place that leads nowhere could lead anywhere by then. */
async function realFolder(path: string): Promise<string> {
  const whole = await realOrMissing(path);
  if (whole !== undefined) return whole;
  const real = await realOf(path, false);
  if ((await lstat(real).catch(() => undefined)) !== undefined) throw new GuardFault(OUTSIDE_TEXT);
  return real;
}

async function realOrMissing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const NEXT = /^\.[0-9a-f]{16}\.new$/;
const IGNORES_CASE = process.platform === "win32" || process.platform === "darwin";

function comparable(path: string): string {
  return IGNORES_CASE ? path.toLowerCase() : path;
}

function isSame(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** Whether a path is what takes the file's place in a moment (`configDisk.replace`): whoever had it open would have the file then. */
function isNextOf(name: string, path: string): boolean {
  const start = comparable(name);
  const whole = comparable(path);
  return whole.startsWith(start) && NEXT.test(whole.slice(start.length));
}

/** Whether a path lies somewhere below a folder. */
function isBelow(path: string, folder: string): boolean {
  const start = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  return comparable(path).startsWith(comparable(start));
}
