/** What all names begin with. */
export const NAMES_BEGIN = "windfire-";
const STAMP = /^windfire-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.tar\.zst(\.sealed)?$/;

/** What a backup of this moment is called. Names sort by time. */
export function backupName(at: number, encrypted: boolean): string {
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `windfire-${stamp}Z.tar.zst${encrypted ? ".sealed" : ""}`;
}

/** Whether the name is one that {@link backupName} gives. */
export function isBackupName(name: string): boolean {
  return STAMP.test(name);
}

/** When a backup of this name was made (Unix milliseconds), and whether it is encrypted. */
export function ofName(name: string): { readonly at: number; readonly encrypted: boolean } {
  const [, year, month, day, hour, minute, second, sealed] = STAMP.exec(name) ?? [];
  return { at: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), encrypted: sealed !== undefined };
}

/** Of these names those that are not among the newest `keep`. */
export function namesToDrop(names: readonly string[], keep: number): string[] {
  return names
    .filter(isBackupName)
    .toSorted((a, b) => (a < b ? 1 : -1))
    .slice(keep);
}
