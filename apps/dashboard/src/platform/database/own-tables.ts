/**
 * Tables of our own. They live in the same file as the reference's, so that one transaction covers both, and have the prefix `wf_`.
 * A table is added here: its type in `OwnSchema`, its text as the last entry of `ownMigrations`.
 */
export interface OwnSchema {
  wf_meta: MetaTable;
  wf_seen_hosts: SeenHostsTable;
}

/** Single values by name. It is made before the first migration, whose number it holds under `migrations`. */
export interface MetaTable {
  key: string;
  value: string;
}

/** Names under which the dashboard was reached, which tunnels cannot have (spec 41 section 10.9). */
export interface SeenHostsTable {
  /** Lower case, without port. */
  host: string;
  first_at: string;
  session_at: string | null;
  agent_at: string | null;
  /** The member who made the entry; 0: none. */
  user_id: number;
}

/** One step of the schema of our own tables. */
export interface OwnMigration {
  readonly name: string;
  /** Statements that only touch `wf_` tables. */
  readonly statements: readonly string[];
}

/**
 * Applied in order, each once. Table `wf_meta` holds how many were applied; entries are never changed, moved or removed.
 * The first one marks a directory as taken over (see `backUpBeforeFirstWrite`).
 */
export const ownMigrations: readonly OwnMigration[] = [
  { name: "take over", statements: [] },
  {
    name: "seen hosts",
    statements: [
      "CREATE TABLE `wf_seen_hosts` (`host` text NOT NULL PRIMARY KEY, `first_at` datetime NOT NULL, `session_at` datetime, " +
        "`agent_at` datetime, `user_id` integer NOT NULL DEFAULT 0)",
    ],
  },
];
