import { isAbsolute, normalize } from "node:path";

const WINDOWS_DRIVE = /^(?:[\\/]{2}[?.][\\/])?[A-Za-z]:/;
const WINDOWS_SHARE = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+/;
const ROOTS = [/^[\\/]*$/, /^(?:[\\/]{2}[?.][\\/])?[A-Za-z]:[\\/]*$/, /^(?:[\\/]{2}[?.][\\/]UNC)?[\\/]+[^\\/]+[\\/]+[^\\/]+[\\/]*$/i];
const SHARE_ROOT = /^[\\/]{2}/;

export type PathPurpose = "list" | "read" | "write" | "upload" | "download" | "delete";

/** What is wrong with a path, in the reference's words, or undefined (spec 21 section 12.2). */
export function pathFault(path: string, purpose: PathPurpose): string | undefined {
  if (path === "") return "path required";
  if (path.includes("\0")) return "path is not supported";
  if (hasDataStream(path)) {
    return purpose === "list" || purpose === "upload" || purpose === "download"
      ? "alternate data stream (ADS) paths are not supported"
      : "path is not supported";
  }
  if (!isAbsolute(normalize(path))) return "path must be absolute";
  if (!isRoot(path)) return undefined;
  if (purpose === "delete") return "refusing to delete root";
  return purpose === "write" || purpose === "upload" ? "path targets a filesystem root" : undefined;
}

/** A colon after the volume of a Windows path names a hidden part of a file. Checked on every system. */
function hasDataStream(path: string): boolean {
  const volume = WINDOWS_DRIVE.exec(path)?.[0] ?? WINDOWS_SHARE.exec(path)?.[0];
  return volume !== undefined && path.slice(volume.length).includes(":");
}

/** Roots of every system are refused on every system. */
function isRoot(path: string): boolean {
  return [path, normalize(path)].some((one) => ROOTS.some((root, index) => root.test(one) && (index < 2 || SHARE_ROOT.test(one))));
}
