import type { ConfigStore } from "#platform/config";
import { editableOf } from "#platform/config";
import type { Database } from "#platform/database";
import { createAgreedFile } from "./agreed.ts";
import { changedKeys } from "./changed-keys.ts";
import type { SettingsKeeper } from "./model.ts";

export interface OwnFileDeps {
  readonly config: Pick<ConfigStore, "current" | "save" | "saveProvider">;
  readonly onChanged: (keys: readonly string[]) => void;
}

/**
 * For a dashboard that is alone: its file. That is no table: it is replaced as a whole within the transaction of its audit line, so that
 * neither is there alone.
 */
export function keepInFile({ config, onChanged }: OwnFileDeps): SettingsKeeper {
  return {
    load: async () => editableOf(config.current),
    async save(_tx, changes, settings) {
      const keys = changedKeys(config.current, settings);
      await config.save(settings);
      changes.afterwards(() => onChanged(keys));
    },
    saveProvider: (_tx, _changes, name, fields) => config.saveProvider(name, fields),
    reread: () => Promise.resolve(),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

/** What was in common with others is not any more: whoever comes later begins with the file. */
export async function standAlone({
  database,
  agreedPath,
}: {
  readonly database: Pick<Database, "kysely">;
  readonly agreedPath: string;
}): Promise<void> {
  const { kysely } = database;
  const isKept = await kysely.selectFrom("wf_common_settings").select("name").limit(1).executeTakeFirst();
  if (isKept !== undefined) await kysely.deleteFrom("wf_common_settings").execute();
  await createAgreedFile(agreedPath).remove();
}
