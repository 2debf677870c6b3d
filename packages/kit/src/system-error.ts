const FILE_IN_THE_WAY = "a part of its path is a file, not a folder";
const NO_PERMISSION = "permission denied to the user who runs this program";

/** What the system's codes mean, in words that a sentence about a file or an address can end with. */
const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: NO_PERMISSION,
  EADDRINUSE: "it is already in use by another program",
  EADDRNOTAVAIL: "this machine has no such address",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  // Only making folders ends with it here.
  EEXIST: FILE_IN_THE_WAY,
  EFBIG: "the file would become too large",
  EINVAL: "the system does not accept it",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder, not a file",
  ELOOP: "its symbolic links lead in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENFILE: "too many files are open on this machine",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: FILE_IN_THE_WAY,
  ENOTFOUND: "there is no such host name",
  EPERM: NO_PERMISSION,
  EROFS: "its file system is read-only",
};

/** The system's code of an error (`ENOENT`); undefined for errors that do not come from the system. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Why something failed, as the end of a sentence that names the file or address: a meaning for codes of the system, else its message. */
export function reasonOf(error: unknown): string {
  const code = systemCode(error);
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (meaning !== undefined) return meaning;
  return error instanceof Error ? error.message : String(error);
}
