import type { PagePartRef, StatusPageForm } from "@windfire/api";

/** Where the files of a page are written besides; "" for what a kind does not use. */
export interface ExportTarget {
  readonly kind: "none" | "folder" | "s3";
  readonly folder: string;
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: string;
}

export const NO_EXPORT: ExportTarget = { kind: "none", folder: "", endpoint: "", region: "", bucket: "", prefix: "", accessKey: "" };

/** What a person writes of a page. */
export type PageSettings = Omit<StatusPageForm, "password" | "slug">;
export type PageGroup = PageSettings["groups"][number];
export type PagePart = PageGroup["parts"][number];

/** What readers are shown of the fleet. Times in Unix milliseconds. */
export interface StatusPage {
  readonly id: number;
  readonly ownerId: number;
  readonly slug: string;
  readonly settings: PageSettings;
  /** "": none. */
  readonly passwordHash: string;
  /** As hosts are compared; "": none. */
  readonly domain: string;
  /** 0: no mail is sent. */
  readonly channelId: number;
  readonly exportTarget: ExportTarget;
  /** Sealed; "": none. */
  readonly exportSecret: string;
  /** How often its address for bounces was made anew; the earlier ones answer no more. */
  readonly bounceTurn: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a page that was just written has of what is not written in its form. */
export const FRESH_PAGE = {
  passwordHash: "",
  domain: "",
  channelId: 0,
  exportTarget: NO_EXPORT,
  exportSecret: "",
  bounceTurn: 0,
} as const satisfies Partial<StatusPage>;

/** What the lists of a page may name, as its own room knows it. */
export interface ShownRow {
  readonly ownerId: number;
  readonly name: string;
  readonly hideForGuest: boolean;
}

/**
 * Whether readers of a page are shown a row that it lists. The page speaks for its owner: what is not theirs (any more) is left out. What
 * guests do not see elsewhere is shown under a name that was given to it for the page, never under its own.
 *
 * @param ownsEverything whether the page's owner is an administrator
 */
export function isShown(
  part: Pick<PagePart, "name">,
  row: ShownRow | undefined,
  page: Pick<StatusPage, "ownerId">,
  ownsEverything: boolean,
): row is ShownRow {
  if (row === undefined || !(ownsEverything || row.ownerId === page.ownerId)) return false;
  return !row.hideForGuest || part.name !== "";
}

export function settingsOf({ password: _password, slug: _slug, ...settings }: StatusPageForm): PageSettings {
  return settings;
}

/** All parts of a page, in their order. */
export function partsOf({ groups }: Pick<PageSettings, "groups">): PagePart[] {
  return groups.flatMap(({ parts }) => parts);
}

export function keyOf({ kind, id }: PagePartRef): string {
  return `${kind} ${id}`;
}

/** Where a page is read; the start of the site for one that is gone. */
export function pathOf(page: Pick<StatusPage, "slug"> | undefined): string {
  return page === undefined ? "/" : `/status/${page.slug}`;
}
