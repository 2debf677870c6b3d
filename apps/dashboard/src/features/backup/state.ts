import type { BackupState } from "@windfire/api";
import { formatInstant } from "#kernel";
import type { Database } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import { ownSigner } from "./making.ts";
import { ofName } from "./names.ts";
import type { BackupRunner } from "./runner.ts";
import { placesOf, readOrder } from "./replacement/order.ts";
import { uploadOf } from "./replacement/source.ts";
import type { Installation } from "./snapshot.ts";
import { backupStore } from "./settings.ts";
import type { BackupSettings } from "./settings.ts";

export interface BackupStateDeps {
  readonly runner: BackupRunner;
  readonly database: Pick<Database, "kysely">;
  readonly sealing: Sealing;
  readonly installation: Installation;
}

/** What `GET /backup` answers: plan, runs, kept files. Secrets only as being there. */
export async function stateOf({ database, installation, runner, sealing }: BackupStateDeps): Promise<BackupState> {
  const settings = await backupStore.settings(database.kysely);
  const runs = await backupStore.runs(database.kysely);
  const { passphrase, s3, ...schedule } = settings;
  const next = runner.nextAt(settings);
  const kept = (await runner.local.list()).toReversed().map(({ name, size }) => {
    const { at, encrypted } = ofName(name);
    return { name, size, created_at: formatInstant(at), encrypted };
  });
  return {
    ...schedule,
    ...(s3 === undefined ? {} : { s3: shownBucket(s3) }),
    passphrase_set: passphrase !== "",
    folder: runner.folder,
    signer: ownSigner(sealing),
    running: runner.running,
    ...(next === undefined ? {} : { next_at: formatInstant(next) }),
    runs: runs.map((run) => ({ ...run, started_at: formatInstant(run.started_at) })),
    kept,
    ...(await replacementOf(installation, database)),
  };
}

async function replacementOf(installation: Installation, { kysely }: BackupStateDeps["database"]) {
  const uploaded = await uploadOf(installation);
  const order = await readOrder(placesOf(installation));
  const last = await backupStore.lastRestore(kysely);
  return {
    ...(uploaded === undefined ? {} : { uploaded }),
    ...(order === undefined ? {} : { prepared: { ...order.backup, kept_in: order.keptIn, ordered: order.state !== "prepared" } }),
    ...(last === undefined ? {} : { last_restore: { ...last, at: formatInstant(last.at) } }),
  };
}

function shownBucket({ secret, ...bucket }: NonNullable<BackupSettings["s3"]>) {
  return { ...bucket, secret_key_set: secret !== "" };
}
