/** Code generators of users (`#access/factors`). Times in Unix milliseconds. */
export interface TotpTable {
  user_id: number;
  /** Sealed. */
  secret: string;
  /** 0: nobody has shown a code of it yet, so it is not asked for. */
  confirmed_at: number;
  /** JSON list of the steps whose code was used, newest last. */
  used_steps: string;
}

/** Codes that stand in for a lost generator, until they are used. */
export interface RecoveryCodesTable {
  user_id: number;
  /** SHA-256, hex. */
  hash: string;
}

/** What is known of a session besides the columns of `jwt_sessions`. */
export interface SessionDetailsTable {
  key_id: string;
  user_id: number;
  /** Program and system in plain words; "" when it said nothing. */
  device: string;
  /** When whoever holds it last proved who they are; 0: never as far as the account allows. */
  proven_at: number;
}

/** Where users have signed in from. */
export interface DevicesTable {
  user_id: number;
  /** Address or IPv6 network; "" when none was known. */
  network: string;
  device: string;
  seen_at: number;
}

/** Which channels tell users of what happens to their accounts. */
export interface SignInNoticesTable {
  user_id: number;
  /** Of notifications. */
  group_id: number;
}

/** Users who are less than members (`#access/identity`): their row of `users` says member. */
export interface AccessTable {
  user_id: number;
  access: string;
}

/** What a viewer sees. */
export interface AccessRowsTable {
  user_id: number;
  /** `server` or `server-group`. */
  kind: string;
  row_id: number;
}

/** Users who do not get in until they are enabled again (`#access/identity`). */
export interface DisabledUsersTable {
  user_id: number;
  /** Unix milliseconds. */
  since: number;
}

export const disabledUserMigrations = [
  { name: "disabled users", statements: ["CREATE TABLE wf_disabled_users (user_id INTEGER PRIMARY KEY, since INTEGER NOT NULL)"] },
];

export const viewerMigrations = [
  {
    name: "viewers",
    statements: [
      "CREATE TABLE wf_access (user_id INTEGER PRIMARY KEY, access TEXT NOT NULL)",
      `CREATE TABLE wf_access_rows (user_id INTEGER NOT NULL, kind TEXT NOT NULL, row_id INTEGER NOT NULL,
        PRIMARY KEY (user_id, kind, row_id)) WITHOUT ROWID`,
    ],
  },
];

export const signInMigrations = [
  {
    name: "second factors",
    statements: [
      `CREATE TABLE wf_totp (user_id INTEGER PRIMARY KEY, secret TEXT NOT NULL, confirmed_at INTEGER NOT NULL, used_steps TEXT NOT NULL)`,
      "CREATE TABLE wf_recovery_codes (user_id INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (user_id, hash)) WITHOUT ROWID",
      `CREATE TABLE wf_sessions (key_id TEXT PRIMARY KEY, user_id INTEGER NOT NULL, device TEXT NOT NULL,
        proven_at INTEGER NOT NULL) WITHOUT ROWID`,
      `CREATE TABLE wf_devices (user_id INTEGER NOT NULL, network TEXT NOT NULL, device TEXT NOT NULL, seen_at INTEGER NOT NULL,
        PRIMARY KEY (user_id, network, device)) WITHOUT ROWID`,
    ],
  },
];

export const signInNoticeMigrations = [
  {
    name: "notices of sign-ins",
    statements: ["CREATE TABLE wf_sign_in_notices (user_id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL)"],
  },
];

/** Passkeys of users (`#access/factors`). Times in Unix milliseconds. */
export interface PasskeysTable {
  /** Of the credential, Base64url. */
  id: string;
  user_id: number;
  name: string;
  /** COSE, Base64url. */
  public_key: string;
  /** Signatures made, as far as the authenticator counts. */
  counter: number;
  /** JSON list. */
  transports: string;
  created_at: number;
  /** 0: never. */
  used_at: number;
}

export const passkeyMigrations = [
  {
    name: "passkeys",
    statements: [
      `CREATE TABLE wf_passkeys (id TEXT PRIMARY KEY, user_id INTEGER NOT NULL, name TEXT NOT NULL, public_key TEXT NOT NULL,
        counter INTEGER NOT NULL, transports TEXT NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER NOT NULL) WITHOUT ROWID`,
      "CREATE INDEX wf_passkeys_user ON wf_passkeys (user_id)",
    ],
  },
];
