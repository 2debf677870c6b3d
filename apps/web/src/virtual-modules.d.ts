declare module "virtual:flag-files" {
  /** Folder of the flags, relative to the base address. */
  export const folder: string;
  /** Known two-letter codes in lower case, without separator. */
  export const codes: string;
}

declare module "virtual:world-map" {
  /** Units across and down. */
  export const size: readonly [number, number];
  /** Outlines of the land, as the path of an SVG. */
  export const outline: string;
  /** Where a country lies, by its lower-case code. */
  export const places: Readonly<Record<string, readonly [number, number]>>;
}
