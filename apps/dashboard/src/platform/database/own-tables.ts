/**
 * Tables of our own. They live in the same file as the reference's, so that one transaction covers both, and have the prefix `wf_`.
 * A table is added here: its type in `OwnSchema`, its text as the last entry of `ownMigrations`.
 */
export interface OwnSchema {}

/** One step of the schema of our own tables. */
export interface OwnMigration {
  readonly name: string;
  /** Statements that only touch `wf_` tables. */
  readonly statements: readonly string[];
}

/**
 * Applied in order, each once. `PRAGMA user_version` holds how many were applied; entries are never changed, moved or removed.
 * The first one marks a directory as taken over (see `backUpBeforeFirstWrite`).
 */
export const ownMigrations: readonly OwnMigration[] = [{ name: "take over", statements: [] }];
