import { BackupForm, BackupState, Nothing } from "@windfire/api";
import { adminOnly, adminSession, refuseText, stepUp } from "#kernel";
import { actorOf } from "#platform/audit";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { fileRoutes } from "./file-routes.ts";
import type { BackupFileDeps } from "./file-routes.ts";
import { backupStore, settingsOf } from "./settings.ts";
import type { BackupSettings } from "./settings.ts";
import type { Installation } from "./snapshot.ts";
import { stateOf } from "./state.ts";

export interface BackupRouteDeps extends BackupFileDeps {
  readonly installation: Installation;
}

const tag = "backup";
/** Of secrets only that they changed is written down. */
const SECRETS = ["passphrase", "s3"];

/** Backups, for administrators. Ours: the reference has none. What hands out all secrets is for people, who prove who they are. */
export function backupRoutes(deps: BackupRouteDeps): AnyRoute[] {
  const { database, audit, runner, sealing } = deps;
  return [
    route({
      method: "GET",
      path: "/backup",
      access: adminOnly(),
      summary: "When backups are made and where they go, how the last ones went, and which are kept on disk",
      tag,
      data: BackupState,
      run: () => stateOf(deps),
    }),
    route({
      method: "PATCH",
      path: "/backup",
      access: stepUp(adminSession()),
      summary: "Replace the settings of backups; secrets that are left out stay",
      tag,
      body: BackupForm,
      data: Nothing,
      async run({ caller, body }) {
        // A plan that leads nowhere would look like one that is kept, until a backup is needed.
        if (body.every !== "never" && !body.to_disk && !body.to_s3)
          throw refuseText("to_disk: must be true, or to_s3, when backups are planned");
        if (body.to_s3 && !isComplete(body)) throw refuseText("s3: endpoint, region, bucket and access_key must be given");
        await database.change(async (tx, changes) => {
          const from = await backupStore.settings(tx);
          const next = settingsOf(body, from, sealing);
          if (next.to_s3 && (next.s3?.secret ?? "") === "") throw refuseText(secretMissing(body, from));
          await backupStore.saveSettings(tx, changes, next);
          const deed = { actor: actorOf(caller), action: "backup.settings", kind: "backup", key: "settings", secrets: SECRETS };
          await audit.write(tx, { ...deed, from, to: next });
        });
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/backup/run",
      access: adminOnly(),
      summary: "Begin a backup to where the settings say; GET /backup tells when it is over",
      tag,
      data: Nothing,
      run({ caller }) {
        runner.run("user", actorOf(caller)).catch(deps.onError);
        return null;
      },
    }),
    ...fileRoutes(deps),
  ];
}

function secretMissing({ s3 }: BackupForm, before: BackupSettings): string {
  const isWithheld = s3?.secret_key === undefined && (before.s3?.secret ?? "") !== "";
  return `s3.secret_key: ${isWithheld ? "enter it, because it is for another endpoint or key" : "must be given"}`;
}

function isComplete({ s3 }: BackupForm): boolean {
  return s3 !== undefined && [s3.endpoint, s3.region, s3.bucket, s3.access_key].every((part) => part !== "");
}
