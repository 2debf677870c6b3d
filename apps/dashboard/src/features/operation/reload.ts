import { createSerialQueue, reasonOf } from "@windfire/kit";
import type { FactBus } from "#kernel";
import { SYSTEM } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { ConfigStore } from "#platform/config";
import type { Database } from "#platform/database";
import type { Log } from "#platform/log";
import type { SettingsKeeper } from "#platform/settings";

export interface ReloadDeps {
  readonly config: Pick<ConfigStore, "reload">;
  readonly settings: Pick<SettingsKeeper, "reread">;
  /** Takes what the configuration says of the log. */
  readonly applyLog: () => void;
  /** Resolves to whether another certificate is in use now. */
  readonly reloadCertificate: () => Promise<boolean>;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly facts: Pick<FactBus, "publish">;
  readonly log: Pick<Log, "info" | "warn" | "error">;
}

/** Reads certificate and configuration again (SIGHUP). Says in the log what was taken and what was not; never fails. */
export function createReload(deps: ReloadDeps): () => Promise<void> {
  const turns = createSerialQueue();
  return () =>
    turns.run(async () => {
      await attempt(deps, "the configuration could not be read again and stays as it was", () => reloadConfig(deps));
      await attempt(deps, "the certificate could not be read again and stays as it was", () => reloadCertificate(deps));
    });
}

async function attempt({ log }: ReloadDeps, failure: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    // What follows the first line of a fault in the file is the file itself, secrets included.
    log.error(failure, { reason: reasonOf(error).split("\n")[0] });
  }
}

async function reloadConfig({ config, settings, applyLog, database, audit, facts, log }: ReloadDeps): Promise<void> {
  const { taken, restart, fields } = await config.reload();
  applyLog();
  log.info("the configuration was read again", { taken, restart });
  if (restart.length > 0) log.warn("a restart is needed for what else changed in the configuration", { keys: restart });
  if (taken.length === 0) return;
  facts.publish("setting.updated", { keys: fields });
  await settings.reread();
  // Names alone: values may be secrets, and the file is there to be read.
  const deed = { actor: SYSTEM, action: "setting.reload", kind: "setting", key: "setting" };
  await database.change((tx) => audit.write(tx, { ...deed, from: {}, to: { keys: taken } }));
}

async function reloadCertificate(deps: ReloadDeps): Promise<void> {
  if (await deps.reloadCertificate()) deps.log.info("a new certificate is in use");
}
