import type { Dialect } from "kysely";

/** What keeps the tables: everything that is not SQL of a room. Every method fails with `DatabaseError` when the engine does. */
export interface Engine {
  readonly dialect: Dialect;
  /** Writes what changes nothing: fails as any write would. Waits its turn. */
  probeWrite(): Promise<void>;
  /** Gives back the room of what was deleted; reads go on. */
  vacuum(): Promise<void>;
  /** What is damaged; empty when all is well. */
  integrityCheck(): Promise<readonly string[]>;
  /** Writes an SQLite file of the same content to `target`. */
  copyTo(target: string): Promise<void>;
  /** How many dashboards are on it; one where it is left out. */
  readonly dashboards?: () => Promise<number>;
  /** Tells whenever somebody else may have written to the change log. */
  readonly onChange?: (heard: () => void) => void;
  /** Finishes what runs and lets go of everything. */
  close(): Promise<void>;
  readonly waitingWriters: number;
}
