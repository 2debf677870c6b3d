import { z } from "zod";
import { bytes, characters, LIMITS, time } from "./text.ts";
import { count, rowId } from "./numbers.ts";

/** How backups are named: by time, so that the names sort, and by the key that signs them. */
const backupName = z
  .string()
  .regex(/^windfire-\d{8}T\d{6}Z(-[0-9a-f]{8})?\.tar\.zst(\.sealed)?$/, "must be the name of a backup")
  .meta({ examples: ["windfire-20260518T115803Z-5f0c81ad.tar.zst"] });

const schedule = {
  every: z.enum(["never", "daily", "weekly"]).meta({ description: "Weekly: on Sundays" }),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be HH:MM")
    .meta({ examples: ["03:30"], description: "In the time zone of the configuration" }),
  keep: z.int().min(1).max(365).meta({ description: "The newest so many backups are kept at each place" }),
  to_disk: z.boolean().meta({ description: "Into the folder `backups` beside the database" }),
  to_s3: z.boolean(),
  notification_group_id: rowId.default(0).meta({ description: "Who is told when one fails; 0: nobody" }),
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
    s3: z.object({ ...bucket, secret_key: secret("Secret of the access key, to be entered again for another endpoint or key") }).optional(),
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
    uploaded: z.object({ size: count, encrypted: z.boolean() }).optional().meta({ description: "Sent to be restored, and waiting" }),
    prepared: z
      .object({
        created_at: time,
        program: z.string().meta({ description: "Version that made it" }),
        signer: z.string(),
        own: z.boolean().meta({ description: "Signed by this dashboard" }),
        files: count,
        bytes: count,
        environment: z.array(z.string()).meta({ description: "Variables that were set besides where it was made" }),
        kept_in: z.string().meta({ description: "Folder beside the database in which what runs now will be kept" }),
        ordered: z.boolean().meta({ description: "It takes the place of what runs as soon as the dashboard starts again" }),
      })
      .optional()
      .meta({ description: "Checked, and ready to take the place of what runs" }),
    last_restore: z
      .object({
        at: time,
        created_at: time,
        kept_in: z.string().meta({ description: "Folder beside the database in which what ran before is kept" }),
        error: z.string().meta({ description: "Why what ran before was put back; empty when all went well" }),
      })
      .optional(),
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

/** `POST /backup/restore` (ours): one that is kept on disk, or without a name the one that was sent. */
export const RestoreForm = z
  .object({
    name: backupName.optional(),
    passphrase: characters(1024).optional().meta({ description: "Opens an encrypted one; left out, the one of the settings is tried" }),
    signer: z
      .string()
      .regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits")
      .optional()
      .meta({ description: "Taken only if it was signed by this key" }),
  })
  .meta({ id: "RestoreForm" });
export type RestoreForm = z.output<typeof RestoreForm>;
