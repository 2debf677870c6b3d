import { z } from "zod";
import type { BackupForm } from "@windfire/api";
import type { Changes, Queries } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import type { S3Target } from "./s3-place.ts";

const bucket = z.object({
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  access_key: z.string(),
  /** Sealed. */
  secret: z.string(),
});
const stored = z.object({
  every: z.enum(["never", "daily", "weekly"]),
  at: z.string(),
  keep: z.number(),
  to_disk: z.boolean(),
  to_s3: z.boolean(),
  s3: bucket.optional(),
  /** Sealed; "" for none. */
  passphrase: z.string(),
  /** Who is told when one fails; 0: nobody. */
  notification_group_id: z.number().default(0),
});
type S3Form = NonNullable<BackupForm["s3"]>;
/** When backups are made, and where they go; secrets are sealed. */
export type BackupSettings = z.output<typeof stored>;

const run = z.object({
  started_at: z.number(),
  took_ms: z.number(),
  by: z.enum(["schedule", "user"]),
  name: z.string(),
  size: z.number(),
  error: z.string(),
});
/** What became of a backup. Times in Unix milliseconds, size in bytes. */
export type BackupRun = z.output<typeof run>;

const restored = z.object({ at: z.number(), created_at: z.string(), kept_in: z.string(), error: z.string() });
/** How the last restore from the console ended; `at` in Unix milliseconds. */
export type LastRestore = z.output<typeof restored>;

const DEFAULTS: BackupSettings = {
  every: "never",
  at: "03:30",
  keep: 7,
  to_disk: true,
  to_s3: false,
  passphrase: "",
  notification_group_id: 0,
};
const MOST_RUNS = 20;
/** Names of the values in table `wf_meta`. */
const SETTINGS = "backup_settings";
const RUNS = "backup_runs";
const RESTORED = "backup_restored";
const PASSPHRASE_PLACE = "backup passphrase";
const SECRET_PLACE = "backup s3";

/** What is stored of backups, in `wf_meta`. */
export const backupStore = {
  async settings(queries: Queries): Promise<BackupSettings> {
    return stored.safeParse(await read(queries, SETTINGS)).data ?? DEFAULTS;
  },
  async saveSettings(tx: Queries, changes: Changes, settings: BackupSettings): Promise<void> {
    await write(tx, SETTINGS, settings);
    changes.put(backupSettingsKind.name, SETTINGS);
  },
  /** Newest first. */
  async runs(queries: Queries): Promise<BackupRun[]> {
    return z.array(run).safeParse(await read(queries, RUNS)).data ?? [];
  },
  async noteRun(tx: Queries, newest: BackupRun): Promise<void> {
    await write(tx, RUNS, [newest, ...(await this.runs(tx))].slice(0, MOST_RUNS));
  },
  /** Undefined: none yet. */
  async lastRestore(queries: Queries): Promise<LastRestore | undefined> {
    return restored.safeParse(await read(queries, RESTORED)).data;
  },
  noteRestore: (tx: Queries, last: LastRestore): Promise<void> => write(tx, RESTORED, last),
};

/** The settings in the log of changes: whichever dashboard writes them, the one that makes the backups hears of it. */
export const backupSettingsKind = {
  name: "backup-settings",
  keyOf: () => SETTINGS,
  load: async (queries: Queries): Promise<BackupSettings[]> => [await backupStore.settings(queries)],
};

async function read(queries: Queries, key: string): Promise<unknown> {
  const row = await queries.selectFrom("wf_meta").select("value").where("key", "=", key).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value) as unknown);
}

async function write(tx: Queries, key: string, content: object): Promise<void> {
  const value = JSON.stringify(content);
  await tx
    .insertInto("wf_meta")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}

/** What a form makes of the settings: secrets that it leaves out stay, that of a storage only where it is the same storage and key. */
export function settingsOf(form: BackupForm, before: BackupSettings, sealing: Pick<Sealing, "seal">): BackupSettings {
  const { s3, passphrase, ...schedule } = form;
  const sealed = (text: string | undefined, kept: string, place: string): string => {
    if (text === undefined) return kept;
    return text === "" ? "" : sealing.seal(text, place);
  };
  const settings = { ...schedule, passphrase: sealed(passphrase, before.passphrase, PASSPHRASE_PLACE) };
  if (s3 === undefined) return settings;
  const { secret_key: secret, ...rest } = s3;
  return { ...settings, s3: { ...rest, secret: sealed(secret, keptSecret(rest, before), SECRET_PLACE) } };
}

/** Another storage would be shown what was entered for this one. */
function keptSecret({ endpoint, access_key: key }: Pick<S3Form, "endpoint" | "access_key">, { s3 }: BackupSettings): string {
  return s3 !== undefined && s3.endpoint === endpoint && s3.access_key === key ? s3.secret : "";
}

/** @throws when it was sealed by another key: then the backup would not be encrypted as it should */
export function passphraseOf({ passphrase }: BackupSettings, sealing: Pick<Sealing, "open">): string | undefined {
  if (passphrase === "") return undefined;
  const open = sealing.open(passphrase, PASSPHRASE_PLACE);
  if (open === undefined) throw new Error("the passphrase of backups cannot be opened: enter it again");
  return open;
}

/** @throws when something of it is missing */
export function bucketOf({ s3 }: BackupSettings, sealing: Pick<Sealing, "open">): S3Target {
  const secretKey = s3 === undefined || s3.secret === "" ? undefined : sealing.open(s3.secret, SECRET_PLACE);
  if (s3 === undefined || secretKey === undefined) throw new Error("the access to the S3 storage is not complete: enter it again");
  const { endpoint, region, bucket: name, prefix, access_key: accessKey } = s3;
  return { endpoint, region, bucket: name, prefix, accessKey, secretKey };
}
