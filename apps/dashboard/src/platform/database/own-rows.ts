import type { Generated } from "kysely";

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

/** Events that are not told again for a while (spec 30 section 3.6). Times in Unix milliseconds. */
export interface MutesTable {
  /** Label, group and channel. */
  key: string;
  label: string;
  group_id: number;
  channel_id: number;
  wait_ms: number;
  until_at: number;
}

/** What became of the records of DDNS profiles (`#features/ddns`). Times in Unix milliseconds. */
export interface DdnsRecordsTable {
  profile_id: number;
  /** `ipv4` or `ipv6`. */
  family: string;
  domain: string;
  /** Whose address it is. */
  server_id: number;
  /** What the record is to hold; "": it is to be gone. */
  address: string;
  /** What it holds, as far as we know; "": nothing of ours. */
  published: string;
  published_at: number;
  state: string;
  attempts: number;
  tried_at: number;
  error: string;
}

/** What kind of channel a row of `notifications` is, and what its service needs to know. */
export interface ChannelsTable {
  notification_id: number;
  kind: string;
  /** JSON of what may be shown. */
  settings: string;
  /** JSON of the rest, sealed. */
  secrets: string;
  /** Fingerprint of the row's columns as they were written with it. */
  projection: string;
}

/** How messages go through a channel. */
export interface NotificationOptionsTable {
  notification_id: number;
  /** JSON. */
  options: string;
}

/** One-time codes by which hosts get a credential of their own (`features/enrolment`). Times in Unix milliseconds. */
export interface EnrolmentCodesTable {
  id: Generated<number>;
  /** SHA-256 of the code, hex. */
  hash: string;
  /** Who the server will belong to. */
  owner_id: number;
  created_by: number;
  /** Of a server that is made; "": a made-up one. */
  name: string;
  /** 0: none. */
  group_id: number;
  created_at: number;
  expires_at: number;
}

/** Credentials of single hosts. Times in Unix milliseconds. */
export interface EnrolmentsTable {
  id: Generated<number>;
  server_id: number;
  uuid: string;
  owner_id: number;
  /** SHA-256 of the credential, hex. */
  hash: string;
  /** Where the host was enrolled from. */
  address: string;
  created_at: number;
  /** 0: it is good. */
  revoked_at: number;
}
