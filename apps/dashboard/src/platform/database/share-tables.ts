import type { Generated } from "kysely";

/** Links that show rows to whoever has them (`#features/share-links`). Times in Unix milliseconds. */
export interface ShareLinksTable {
  id: Generated<number>;
  owner_id: number;
  name: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  /** bcrypt; "": none. */
  password_hash: string;
  created_at: number;
  expires_at: number;
  /** 0: never. */
  opened_at: number;
}

/** What the links show. */
export interface ShareRowsTable {
  link_id: number;
  /** `server`, `service` … */
  kind: string;
  row_id: number;
}

export const shareMigrations = [
  {
    name: "share links",
    statements: [
      `CREATE TABLE wf_share_links (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER NOT NULL, name TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        opened_at INTEGER NOT NULL)`,
      `CREATE TABLE wf_share_rows (link_id INTEGER NOT NULL, kind TEXT NOT NULL, row_id INTEGER NOT NULL,
        PRIMARY KEY (link_id, kind, row_id)) WITHOUT ROWID`,
      "CREATE INDEX wf_share_rows_row ON wf_share_rows (kind, row_id)",
    ],
  },
];
