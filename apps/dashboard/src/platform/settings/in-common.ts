import { createSerialQueue, reasonOf } from "@windfire/kit";
import { allFields, EDITABLE, editableOf, fieldsOfProvider, plainFields } from "#platform/config";
import type { ConfigStore, EditableSettings, ProviderFields } from "#platform/config";
import type { Changes, Database, Queries } from "#platform/database";
import type { Log } from "#platform/log";
import type { Sealing } from "#platform/sealing";
import { createAgreedFile, digestOf, either } from "./agreed.ts";
import type { Agreed } from "./agreed.ts";
import { changedKeys } from "./changed-keys.ts";
import type { SettingsKeeper } from "./model.ts";
import { createCommonStore } from "./store.ts";
import type { CommonRow, CommonStore } from "./store.ts";

export interface InCommonDeps {
  readonly config: ConfigStore;
  readonly database: Pick<Database, "change" | "follow" | "kysely">;
  readonly sealing: Pick<Sealing, "seal" | "open">;
  /** Where what was agreed upon is kept. */
  readonly agreedPath: string;
  readonly log: Pick<Log, "info" | "warn">;
  /** Settings are other ones from now on, wherever they were changed. */
  readonly onChanged: (keys: readonly string[]) => void;
}

/**
 * For several dashboards on one database: rows that all follow, in the order in which they were changed, so that all end with the same.
 * Each brings its file up to them, so that it starts with them. What somebody writes into the file of one by hand counts as a change when
 * that one starts or reads it again.
 */
export async function keepInCommon(deps: InCommonDeps): Promise<SettingsKeeper> {
  const { config, database, log } = deps;
  const store = createCommonStore(deps.sealing);
  const files = await openFiles(deps);
  const takeSettings = (settings: Partial<EditableSettings>): void => {
    const next = { ...editableOf(config.current), ...usable(settings, config.current) };
    const keys = changedKeys(config.current, next);
    config.take(next);
    if (keys.length > 0) deps.onChanged(keys);
  };
  const takeProvider = (name: string, fields: ProviderFields | undefined): void => {
    try {
      config.takeProvider(name, fields);
    } catch (error) {
      log.warn("a sign-in provider that another dashboard saved cannot be used", { name, reason: reasonOf(error) });
    }
  };
  const take = (row: CommonRow): void => {
    if ("settings" in row) takeSettings(row.settings);
    else takeProvider(row.provider, row.fields);
    files.bring(row);
  };
  await meetOthers(deps, store, files.agreed());
  await database.follow(store.kind, {
    changed: (_name, row) => (row === undefined ? undefined : take(row)),
    reloaded: (rows) => {
      for (const row of rows) take(row);
    },
  });
  return {
    load: async (tx) => ({ ...editableOf(config.current), ...usable((await store.settings(tx)) ?? {}, config.current) }),
    save: (tx, changes, settings) => store.saveSettings(tx, changes, settings),
    async saveProvider(tx, changes, name, fields) {
      const secret = fields && (fields["client_secret"] ?? (await store.provider(tx, name))?.["client_secret"]);
      await store.saveProvider(tx, changes, name, fields && plainFields({ ...fields, client_secret: secret }));
    },
    async reread() {
      const settings = await database.change((tx, changes) => meetSettings(deps, store, files.agreed(), tx, changes));
      // What was changed elsewhere and did not get into the file.
      takeSettings(settings);
    },
    start: files.start,
    stop: files.settled,
  };
}

/** Of the types that this version has for them. */
function usable(settings: Partial<EditableSettings>, current: EditableSettings): Partial<EditableSettings> {
  return Object.fromEntries(EDITABLE.filter((key) => typeof settings[key] === typeof current[key]).map((key) => [key, settings[key]]));
}

/** Somebody put it into the file since this dashboard last did; where nothing was agreed upon yet nobody knows. */
function isByHand(agreed: Agreed | undefined, name: string, value: unknown): boolean {
  return agreed !== undefined && !(agreed.get(name) ?? [digestOf(undefined)]).includes(digestOf(value));
}

const providerName = (name: string): string => `provider ${name}`;

/** What all have in common when this one comes: its own where there is nothing yet, and what was changed in its file by hand. */
async function meetOthers(deps: InCommonDeps, store: CommonStore, agreed: Agreed | undefined): Promise<void> {
  const written = await deps.config.writtenProviders();
  await deps.database.change(async (tx, changes) => {
    await meetSettings(deps, store, agreed, tx, changes);
    const rows = new Map((await store.load(tx)).flatMap((row) => ("provider" in row ? [[row.provider, row]] : [])));
    for (const name of new Set([...Object.keys(written), ...rows.keys()])) {
      const provider = written[name];
      const [own, row] = [provider && fieldsOfProvider(provider), rows.get(name)];
      if (row !== undefined && (digestOf(own) === digestOf(row.fields) || !isByHand(agreed, providerName(name), own))) continue;
      await store.saveProvider(tx, changes, name, own);
      if (row !== undefined) deps.log.info("a sign-in provider was changed in the configuration: the other dashboards are told", { name });
    }
  });
}

/** @returns what all have in common from now on */
async function meetSettings(
  { config, log }: InCommonDeps,
  store: CommonStore,
  agreed: Agreed | undefined,
  tx: Queries,
  changes: Changes,
): Promise<EditableSettings> {
  const own = editableOf(config.current);
  const common = usable((await store.settings(tx)) ?? {}, own);
  const keys = changedKeys(own, { ...own, ...common }).filter((key) => isByHand(agreed, key, own[key]));
  const next = { ...own, ...common, ...Object.fromEntries(keys.map((key) => [key, own[key]])) };
  if (keys.length > 0) log.info("settings were changed in the configuration: the other dashboards are told", { keys });
  if (keys.length > 0 || EDITABLE.some((key) => !(key in common))) await store.saveSettings(tx, changes, next);
  return next;
}

/** Brings the file of this dashboard up to what all have in common, once it has started, and remembers what it put there. */
async function openFiles({ config, agreedPath, log }: InCommonDeps) {
  const file = createAgreedFile(agreedPath);
  const writes = createSerialQueue();
  const common = new Map<string, unknown>();
  const providers = new Map<string, ProviderFields | undefined>();
  let agreed = await file.read();
  let [isStarted, isWaiting] = [false, false];

  const write = async (): Promise<void> => {
    const wanted: Agreed = new Map([...common].map(([name, value]) => [name, [digestOf(value)]]));
    agreed = either(agreed, wanted);
    await file.write(agreed);
    await config.write();
    for (const [name, fields] of providers) {
      await config.writeProvider(name, fields && allFields(fields));
      if (providers.get(name) === fields) providers.delete(name);
    }
    agreed = wanted;
    await file.write(wanted);
  };
  const begin = (): Promise<void> => {
    isWaiting = false;
    return write();
  };
  const attempt = async (): Promise<void> => {
    // What waits for its turn writes this as well.
    if (isWaiting) return writes.idle();
    isWaiting = true;
    return writes.run(begin).catch((error: unknown) => {
      log.warn("what all dashboards have in common could not be written into the configuration of this one", { reason: reasonOf(error) });
    });
  };
  return {
    agreed: (): Agreed | undefined => agreed,
    bring(row: CommonRow): void {
      if ("settings" in row) for (const [key, value] of Object.entries(editableOf(config.current))) common.set(key, value);
      else {
        common.set(providerName(row.provider), row.fields);
        providers.set(row.provider, row.fields);
      }
      if (isStarted) void attempt();
    },
    async start(): Promise<void> {
      isStarted = true;
      await attempt();
    },
    settled: (): Promise<void> => writes.idle(),
  };
}
