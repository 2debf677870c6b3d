/** What a backup or a restore leaves free of a disk, for everybody else. */
export const SPARE_BYTES = 64 * 1024 * 1024;
