import { BackupCheck, BackupParams, Nothing } from "@windfire/api";
import { reasonOf } from "@windfire/kit";
import { adminOnly, adminSession, refuseText, stepUp } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { BackupError } from "#platform/backup-file";
import type { Database } from "#platform/database";
import { FileParts, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Sealing } from "#platform/sealing";
import { ownSigner } from "./making.ts";
import { checkBackup } from "./restore.ts";
import type { BackupRunner } from "./runner.ts";
import { backupStore, passphraseOf } from "./settings.ts";
import type { BackupSettings } from "./settings.ts";

export interface BackupFileDeps {
  readonly runner: BackupRunner;
  readonly database: Pick<Database, "kysely" | "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly sealing: Sealing;
  readonly onError: (error: unknown) => void;
}

const tag = "backup";
const BYTES = "application/octet-stream";
const BUSY = { status: 503, headers: { "retry-after": "10" } } as const;

/** Taking backups away, and checking one. */
export function fileRoutes(deps: BackupFileDeps): AnyRoute[] {
  const { database, audit, runner } = deps;
  return [
    route({
      method: "POST",
      path: "/backup/download",
      busy: true,
      access: stepUp(adminSession()),
      summary: "Whether a download may begin: asked first by pages whose browser fetches the file itself",
      tag,
      data: Nothing,
      run() {
        if (runner.running) throw refuseText("a backup is being made", BUSY.status, BUSY.headers);
        return null;
      },
    }),
    route({
      method: "GET",
      path: "/backup/download",
      busy: true,
      access: stepUp(adminSession()),
      summary: "Make a backup and take it away, encrypted where the settings hold a passphrase",
      tag,
      data: Nothing,
      file: [BYTES],
      async run({ caller, signal }) {
        const made = await runner.take().catch((error: unknown) => {
          throw refuseText(`backup: ${reasonOf(error)}`);
        });
        if (made === undefined) throw refuseText("a backup is being made", BUSY.status, BUSY.headers);
        const { name, backup } = made;
        const deed = { actor: actorOf(caller), action: "backup.download", kind: "backup", key: name };
        await database
          .change((tx) => audit.write(tx, deed))
          .catch(async (error: unknown) => {
            await backup.snapshot.remove();
            throw error;
          });
        // Whoever has gone before the first byte was asked for, or while the snapshot was made, leaves nothing behind either.
        const remove = (): void => void backup.snapshot.remove().catch(deps.onError);
        if (signal.aborted) remove();
        else signal.addEventListener("abort", remove, { once: true });
        return new FileParts({ name, contentType: BYTES, parts: removing(backup) });
      },
    }),
    route({
      method: "GET",
      path: "/backup/:name/file",
      access: stepUp(adminSession()),
      summary: "Take away a backup that is kept on disk",
      tag,
      params: BackupParams,
      data: Nothing,
      file: [BYTES],
      async run({ caller, params: { name } }) {
        const file = await runner.local.open(name);
        if (file === undefined) throw refuseText(`there is no backup ${name}`);
        await database.change((tx) => audit.write(tx, { actor: actorOf(caller), action: "backup.download", kind: "backup", key: name }));
        return new FileParts({ name, contentType: BYTES, size: file.size, parts: file.read() });
      },
    }),
    checkRoute(deps),
  ];
}

function checkRoute({ database, runner, sealing }: BackupFileDeps): AnyRoute {
  let isChecking = false;
  return route({
    method: "POST",
    path: "/backup/:name/check",
    busy: true,
    access: adminOnly(),
    summary: "Read a backup that is kept on disk to its end, and say whether it can be restored and how; one at a time",
    tag,
    params: BackupParams,
    data: BackupCheck,
    async run({ params: { name } }) {
      const file = await runner.local.open(name);
      if (file === undefined) throw refuseText(`there is no backup ${name}`);
      if (isChecking) throw refuseText("a backup is being checked", BUSY.status, BUSY.headers);
      isChecking = true;
      try {
        const passphrase = openedPassphrase(await backupStore.settings(database.kysely), sealing);
        return await checked({ open: file.read, passphrase }, ownSigner(sealing), restoreCommand(`${runner.folder}/${name}`));
      } finally {
        isChecking = false;
      }
    },
  });
}

function openedPassphrase(settings: BackupSettings, sealing: Sealing): string | undefined {
  try {
    return passphraseOf(settings, sealing);
  } catch (error) {
    throw refuseText(`passphrase: ${reasonOf(error)}`);
  }
}

async function checked(order: Parameters<typeof checkBackup>[0], own: string, command: string): Promise<BackupCheck> {
  try {
    const { contents, signer } = await checkBackup(order);
    const { created_at: created, files, program } = contents;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return { ok: true, error: "", signer, own: signer === own, created_at: created, program, files: files.length, bytes, command };
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return { ok: false, error: error.message, signer: "", own: false, program: "", files: 0, bytes: 0, command };
  }
}

/** Into a folder that is not there yet: nothing of what runs is touched. */
const restoreCommand = (file: string): string => `windfire restore -to data-restored '${file.replaceAll("'", String.raw`'\''`)}'`;

async function* removing({ bytes, snapshot }: { bytes(): AsyncIterable<Uint8Array>; snapshot: { remove(): Promise<void> } }) {
  try {
    yield* bytes();
  } finally {
    await snapshot.remove();
  }
}
