import { z } from "zod";
import { bytes, characters, LIMITS, time } from "./text.ts";
import { count } from "./numbers.ts";

/** How backups are named: by time, so that the names sort. */
const backupName = z
  .string()
  .regex(/^windfire-\d{8}T\d{6}Z\.tar\.zst(\.sealed)?$/, "must be the name of a backup")
  .meta({ examples: ["windfire-20260518T115803Z.tar.zst"] });

const schedule = {
  every: z.enum(["never", "daily", "weekly"]).meta({ description: "Weekly: on Sundays" }),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be HH:MM")
    .meta({ examples: ["03:30"], description: "In the time zone of the configuration" }),
  keep: z.int().min(1).max(365).meta({ description: "The newest so many backups are kept at each place" }),
  to_disk: z.boolean().meta({ description: "Into the folder `backups` beside the database" }),
  to_s3: z.boolean(),
};

/** An origin with at most a path: what follows a `?` or `#` would swallow the names of bucket and backup. */
const ENDPOINT = /^(?:https?:\/\/[^\s?#@\\]+)?$/;
const BUCKET = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*)?$/;
/** Steps that stay below the bucket. */
const PREFIX = /^(?!\.{0,2}\/)(?!.*\/\.{1,2}(?:\/|$))(?!\.{1,2}$)[^\p{C}]*$/u;

const bucket = {
  endpoint: bytes(LIMITS.line)
    .regex(ENDPOINT, "must be an address such as https://s3.example.com")
    .meta({ examples: ["https://s3.eu-central-1.amazonaws.com"] }),
  region: characters(64).meta({ examples: ["eu-central-1"] }),
  bucket: characters(255).regex(BUCKET, "must be the name of a bucket"),
  prefix: characters(512)
    .regex(PREFIX, "must be a path below the bucket, such as windfire/")
    .meta({ description: "Before the names: empty, or such as `windfire/`" }),
  access_key: characters(256),
};

const secret = (what: string) =>
  characters(1024)
    .optional()
    .meta({ description: `${what}; left out it stays, empty it is removed` });

/** `PATCH /backup` (ours): full replacement, except for the secrets. */
export const BackupForm = z
  .object({
    ...schedule,
    s3: z.object({ ...bucket, secret_key: secret("Secret of the access key") }).optional(),
    passphrase: secret("Encrypts backups"),
  })
  .meta({ id: "BackupForm" });
export type BackupForm = z.output<typeof BackupForm>;

const run = z.object({
  started_at: time,
  took_ms: count,
  by: z.enum(["schedule", "user"]),
  name: z.string(),
  size: count.meta({ description: "Bytes; 0 where nothing was kept" }),
  error: z.string().meta({ description: "Empty when all went well" }),
});

/** `GET /backup` (ours). */
export const BackupState = z
  .object({
    ...schedule,
    s3: z.object({ ...bucket, secret_key_set: z.boolean() }).optional(),
    passphrase_set: z.boolean(),
    folder: z.string().meta({ description: "Where backups on disk lie" }),
    signer: z.string().meta({ description: "Fingerprint of the key that signs backups of this dashboard" }),
    running: z.boolean(),
    next_at: time.optional(),
    runs: z.array(run).meta({ description: "Newest first, at most 20" }),
    kept: z.array(z.object({ name: backupName, size: count, created_at: time, encrypted: z.boolean() })).meta({
      description: "On disk, newest first",
    }),
  })
  .meta({ id: "BackupState" });
export type BackupState = z.output<typeof BackupState>;

export const BackupParams = z.object({ name: backupName });

/** `POST /backup/{name}/check` (ours). */
export const BackupCheck = z
  .object({
    ok: z.boolean(),
    error: z.string().meta({ description: "Why it cannot be restored; empty when it can" }),
    signer: z.string(),
    own: z.boolean().meta({ description: "Signed by this dashboard" }),
    created_at: time.optional(),
    program: z.string().meta({ description: "Version that made it" }),
    files: count,
    bytes: count.meta({ description: "What it takes on disk once restored" }),
    command: z.string().meta({ description: "Restores it, on this machine" }),
  })
  .meta({ id: "BackupCheck" });
export type BackupCheck = z.output<typeof BackupCheck>;
