/** What all names begin with. */
export const NAMES_BEGIN = "windfire-";
const NAME = /^windfire-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z(?:-([0-9a-f]{8}))?\.tar\.zst(\.sealed)?$/;
const MARK_LENGTH = 8;

export interface BackupNaming {
  /** Unix milliseconds. */
  readonly at: number;
  /** Fingerprint of the key that signs it: installations that share a place tell their own by it. */
  readonly signer: string;
  readonly encrypted: boolean;
}

/** What a backup is called. Names sort by time. */
export function backupName({ at, signer, encrypted }: BackupNaming): string {
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `windfire-${stamp}Z-${markOf(signer)}.tar.zst${encrypted ? ".sealed" : ""}`;
}

/** Whether the name is one that {@link backupName} gives, or gave before names told whose they are. */
export function isBackupName(name: string): boolean {
  return NAME.test(name);
}

/** When a backup of this name was made (Unix milliseconds), and whether it is encrypted. */
export function ofName(name: string): { readonly at: number; readonly encrypted: boolean } {
  const [, year, month, day, hour, minute, second, , sealed] = NAME.exec(name) ?? [];
  return { at: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), encrypted: sealed !== undefined };
}

/** Of these names those of this signer that are not among its newest `keep`. Names that do not tell whose they are count as its own. */
export function namesToDrop(names: readonly string[], keep: number, signer: string): string[] {
  const isOwn = (name: string): boolean => {
    const found = NAME.exec(name);
    return found !== null && (found[7] === undefined || found[7] === markOf(signer));
  };
  return names
    .filter(isOwn)
    .toSorted((a, b) => (a < b ? 1 : -1))
    .slice(keep);
}

const markOf = (signer: string): string => signer.slice(0, MARK_LENGTH);
