import type { ColumnType, Generated } from "kysely";
import type { StoredKey } from "./engine/index.ts";

/** Of a row, as its table has it. */
type Key = ColumnType<number | string, StoredKey, StoredKey>;

/** Which rows changed, in order (`#platform/change-feed`). */
export interface ChangesTable {
  sequence: Generated<number>;
  kind: string;
  key: Key;
  what: string;
}

/** Messages that follow from a change, and what became of them (`#platform/outbox`). Times in Unix milliseconds. */
export interface OutboxTable {
  id: Generated<number>;
  topic: string;
  target: string;
  /** Messages of one lane go out in the order of their ids; "" for none. */
  lane: string;
  event: string;
  kind: string;
  /** JSON. */
  payload: string;
  /** Size of the payload. */
  bytes: number;
  /** `waiting`, `sending`, `sent`, `cancelled`, `dead`. */
  state: string;
  attempts: number;
  /** Whether an attempt ended without anybody knowing whether it arrived. */
  unsure: number;
  created_at: number;
  next_try_at: number;
  /** Until when an attempt is somebody's; 0: none is under way. */
  lease_until: number;
  settled_at: number;
  last_error: string;
  /** Why it is not tried once more; "": it may be. */
  withdrawn: Generated<string>;
}

/** Who did what (`#platform/audit`). Times in Unix milliseconds. */
export interface AuditTable {
  id: Generated<number>;
  at: number;
  /** `user`, `token`, `mcp`, `system`, `guest`. */
  actor: string;
  user_id: number;
  username: string;
  token_id: number;
  token_name: Generated<string>;
  address: string;
  action: string;
  kind: string;
  key: Key;
  /** JSON list of `{"field","from","to"}`. */
  fields: string;
}

/** Which process of the installation does what one alone may do (`#platform/leases`). */
export interface LeasesTable {
  name: string;
  /** "": nobody, it was given back. */
  holder: string;
  /** Grows with each holder. */
  fence: number;
  /** Grows with each time that a holder takes or renews it. */
  beat: number;
}

/** What all dashboards of an installation have in common of the configuration (`#platform/settings`). */
export interface CommonSettingsTable {
  name: string;
  /** Sealed JSON. */
  value: string;
}

/** What works once, where several processes may be shown it (`#platform/tickets`). */
export interface TicketsTable {
  /** Digest of the key. */
  id: string;
  kind: string;
  /** Whoever got it; "": nobody is named. */
  holder: string;
  /** Sealed JSON. */
  value: string;
  /** Unix milliseconds. */
  until: number;
}
