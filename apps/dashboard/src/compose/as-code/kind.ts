/** A section of the document; its items are called by their names. */
export const SECTIONS = [
  "settings",
  "users",
  "ddns",
  "servers",
  "server_groups",
  "channels",
  "notification_groups",
  "tasks",
  "services",
  "alert_rules",
  "tunnels",
  "maintenance_windows",
  "reports",
  "status_pages",
  "page_templates",
] as const;
export type Section = (typeof SECTIONS)[number];

/**
 * A field that names other rows by id. `as`: what it is called in the document. `id`: one; `ids`: a list; `flags`: an object of true by id,
 * a list in the document; `keys`: an object by id, by name in the document.
 */
export interface Link {
  readonly field: string;
  readonly as: string;
  readonly to: Section;
  readonly form: "id" | "ids" | "flags" | "keys";
  /** The field is one of the objects in this list. */
  readonly within?: string;
}

/** Names of a section by id, and ids by name. */
export interface Names {
  nameOf(section: Section, id: number): string | undefined;
  idOf(section: Section, name: string): number | undefined;
}

/** A field whose value names other rows in a form of its own. */
export interface Nested {
  readonly field: string;
  /** As it stands in a document. */
  written(value: unknown, names: Names): unknown;
  /** As the API takes it; all names must be known. */
  read(value: unknown, names: Names): unknown;
  /** Names that it uses, with the section they are looked up in. */
  used(value: unknown): readonly { readonly to: Section; readonly name: string }[];
  /** The same without secrets, which go in and never come out; left out: it holds none. */
  withoutSecrets?(value: unknown): unknown;
  /** What cannot be read of it. */
  problems(value: unknown): readonly string[];
}

/** How rows of a section come over the API. */
export interface Kind {
  readonly section: Section;
  /** Answers all rows. */
  readonly list: string;
  /** Takes new rows by POST, and changes under `/{id}` by PATCH. */
  readonly path: string;
  readonly nameField: string;
  /** Fields that are kept as they are. */
  readonly fields: readonly string[];
  /** Fields that go in and never come out: they are sent when the document has them, and never compared. */
  readonly secrets: readonly string[];
  readonly links: readonly Link[];
  readonly nested?: readonly Nested[];
  /** Fields that say something also where they are false or 0: left out, the API would make something else of a new row. */
  readonly always?: readonly string[];
  /**
   * A nested field that is written after everything else: rows name one another in a circle of sections, and on the way from one order to
   * another nothing may be behind itself.
   */
  readonly last?: string;
  /** A field with a route of its own, `{path}/{id}/{beside}`: GET answers it, PATCH replaces it. */
  readonly beside?: string;
  /** Why rows cannot be made or deleted; left out where they can. */
  readonly fixed?: string;
}
