import { Nothing, RestoreForm } from "@windfire/api";
import { reasonOf } from "@windfire/kit";
import { adminSession, AppError, refuseText, stepUp } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { BackupError } from "#platform/backup-file";
import type { Database } from "#platform/database";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Sealing } from "#platform/sealing";
import { ownSigner } from "../making.ts";
import type { BackupRunner } from "../runner.ts";
import { backupStore, passphraseOf } from "../settings.ts";
import type { Installation } from "../snapshot.ts";
import { placesOf, readOrder } from "./order.ts";
import { discardReplacement, keepUpload, prepareReplacement } from "./prepare.ts";
import { sourceOf } from "./source.ts";
import { orderReplacement } from "./swap.ts";

export interface ReplacementDeps {
  readonly installation: Installation;
  readonly runner: Pick<BackupRunner, "local">;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly sealing: Sealing;
  readonly clock: { now(): number };
  /** Largest file that is taken, bytes. */
  readonly uploadBytes: number;
  /** Asks for an orderly stop and a new start, as soon as the answer is out. */
  readonly restart: () => void;
}

const tag = "backup";
/** Whoever puts another installation in the place of this one becomes whoever they like. */
const access = stepUp(adminSession(), "always");
const BUSY = refuseText("a restore is being prepared", 503, { "retry-after": "10" });
/** What is left of a body is not waited for. */
const CLOSE = { connection: "close" };

/** Restoring from the console, for administrators who prove who they are. Ours: the reference has none. */
export function replacementRoutes(deps: ReplacementDeps): AnyRoute[] {
  const { audit, clock, database, installation, sealing } = deps;
  const alone = createAlone();
  return [
    route({
      method: "POST",
      path: "/backup/upload",
      busy: true,
      access,
      summary: "Send a backup that is to be restored; the body is the file. It waits beside the database until it is prepared or discarded",
      tag,
      upload: { limitBytes: deps.uploadBytes },
      data: Nothing,
      async run({ caller, upload, visit }) {
        const announced = Number(visit.headers["content-length"] ?? 0);
        const size = await alone(() => keepUpload(installation, upload, announced), CLOSE);
        const deed = { actor: actorOf(caller), action: "backup.upload", kind: "backup", key: "upload", to: { size } };
        await database.change((tx) => audit.write(tx, deed));
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/backup/restore",
      busy: true,
      access,
      summary: "Check a backup to its last byte and prepare to put it in the place of what runs, which is not touched yet",
      tag,
      body: RestoreForm,
      data: Nothing,
      run: ({ caller, body: { name, passphrase, signer } }) =>
        alone(async () => {
          const open = await sourceOf(name, installation, deps.runner.local);
          if (open === undefined) throw refuseText(name === undefined ? "no file was sent" : `there is no backup ${name}`);
          const kept = passphrase ?? passphraseOf(await backupStore.settings(database.kysely), sealing);
          const actor = actorOf(caller);
          const order = { installation, actor, now: clock.now(), ownSigner: ownSigner(sealing), open, passphrase: kept, signer };
          const { backup } = await prepareReplacement(order);
          const deed = { actor, action: "backup.restore-prepare", kind: "backup", key: backup.created_at, to: { signer: backup.signer } };
          await database.change((tx) => audit.write(tx, deed));
          return null;
        }),
    }),
    ...orderRoutes(deps, alone),
  ];
}

function orderRoutes({ audit, database, installation, restart }: ReplacementDeps, alone: Alone): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/backup/restore/apply",
      busy: true,
      access,
      summary: "Put what was prepared in the place of what runs: the dashboard starts anew on it, and what ran is kept beside it",
      tag,
      data: Nothing,
      run: ({ caller }) =>
        alone(async () => {
          const order = await readOrder(placesOf(installation));
          if (order?.state !== "prepared") throw refuseText("no restore is prepared");
          const { backup, keptIn } = order;
          const to = { signer: backup.signer, kept_in: keptIn };
          const deed = { actor: actorOf(caller), action: "backup.restore", kind: "backup", key: backup.created_at, to };
          await database.change((tx) => audit.write(tx, deed));
          await orderReplacement(installation, { ...order, actor: deed.actor });
          restart();
          return null;
        }),
    }),
    route({
      method: "POST",
      path: "/backup/restore/discard",
      busy: true,
      access,
      summary: "Remove what was sent and prepared; nothing else changes",
      tag,
      data: Nothing,
      run: ({ caller }) =>
        alone(async () => {
          await discardReplacement(installation);
          const deed = { actor: actorOf(caller), action: "backup.restore-discard", kind: "backup", key: "upload" };
          await database.change((tx) => audit.write(tx, deed));
          return null;
        }),
    }),
  ];
}

type Alone = ReturnType<typeof createAlone>;

/** One after the other: they work on the same files. */
function createAlone() {
  let isBusy = false;
  return async <T>(work: () => Promise<T>, headers: Readonly<Record<string, string>> = {}): Promise<T> => {
    if (isBusy) throw BUSY;
    isBusy = true;
    try {
      return await work();
    } catch (error) {
      throw error instanceof AppError ? error : refuseText(reasonIn(error), 200, headers);
    } finally {
      isBusy = false;
    }
  };
}

/** Faults of the backup, and what the disk says, are for whoever asked. */
function reasonIn(error: unknown): string {
  return error instanceof BackupError ? error.message : reasonOf(error);
}
