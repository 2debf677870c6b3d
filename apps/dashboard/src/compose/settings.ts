import { dirname, join } from "node:path";
import type { FactBus } from "#kernel";
import type { ConfigStore } from "#platform/config";
import type { Database } from "#platform/database";
import type { Lease } from "#platform/leases";
import type { Log } from "#platform/log";
import type { Sealing } from "#platform/sealing";
import { keepInCommon, keepInFile, standAlone } from "#platform/settings";
import type { SettingsKeeper } from "#platform/settings";

const AGREED_FILE = "common-settings.json";

export interface SettingsOptions {
  readonly config: ConfigStore;
  readonly database: Database;
  readonly facts: FactBus;
  readonly log: Log;
  readonly sealing: Sealing;
  /** Of the installation's database: key and the like are beside it. */
  readonly file: string;
}

/** Keeps settings where all dashboards of the installation see them; in the file of the only one. */
export async function composeKeeper(
  { isShared }: Pick<Lease, "isShared">,
  { config, database, facts, file, log, sealing }: SettingsOptions,
): Promise<SettingsKeeper> {
  const onChanged = (keys: readonly string[]): void => facts.publish("setting.updated", { keys });
  const agreedPath = join(dirname(file), AGREED_FILE);
  if (isShared) return keepInCommon({ config, database, sealing, agreedPath, log: log.child("settings"), onChanged });
  await standAlone({ database, agreedPath });
  return keepInFile({ config, onChanged });
}
