declare module "virtual:flag-files" {
  /** Folder of the flags, relative to the base address. */
  export const folder: string;
  /** Known two-letter codes in lower case, without separator. */
  export const codes: string;
}
