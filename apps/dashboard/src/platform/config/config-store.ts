import { createSerialQueue } from "@windfire/kit";
import { readConfigFile, writeConfigFile } from "./config-file.ts";
import type { EditableSettings } from "./editable.ts";
import { fillDocument, patchDocument } from "./document.ts";
import { readProviders, section } from "./oauth2.ts";
import type { Oauth2Provider } from "./oauth2.ts";
import { rawFields } from "./provider-fields.ts";
import { changeProvider } from "./provider-text.ts";
import type { ProviderFields } from "./provider-text.ts";
import { lookUp, parseConfig } from "./raw.ts";
import type { ConfigSource, RawMap } from "./raw.ts";
import { takeHarmless } from "./reload.ts";
import type { Reloaded } from "./reload.ts";
import { isReservedHost } from "./reserved-hosts.ts";
import { readValues } from "./values.ts";
import type { ConfigValues } from "./values.ts";

/** What is configured now: a snapshot that never changes. */
export type Config = Readonly<ConfigValues> & {
  /** Ids of `ignored_ip_notification`. */
  readonly ignoredIpNotificationServerIds: ReadonlySet<number>;
};

/** The configuration of the running dashboard. */
export interface ConfigStore {
  /** Replaced by each save: read it when it is needed, do not keep it. */
  readonly current: Config;
  /** Writes all known keys to the file, then replaces `current`; when writing fails nothing changes. One save at a time. */
  save(settings: Partial<EditableSettings>): Promise<void>;
  /** Writes one sign-in provider, or takes it out of the file, and replaces `current` by what then counts. One write at a time. */
  saveProvider(name: string, fields: ProviderFields | undefined): Promise<void>;
  /** Replaces `current` alone, for what is kept elsewhere as well: `write` puts it into the file. */
  take(settings: Partial<EditableSettings>): void;
  /** The same with a provider as it is written, or without it; `writeProvider` puts it into the file. @throws {ConfigError} that names the key */
  takeProvider(name: string, fields: ProviderFields | undefined): void;
  /** Writes all known keys to the file as they are in force. One write at a time. */
  write(): Promise<void>;
  writeProvider(name: string, fields: ProviderFields | undefined): Promise<void>;
  /** Sign-in providers as the file has them, without what variables add. */
  writtenProviders(): Promise<Readonly<Record<string, Oauth2Provider>>>;
  /** Writes what the start made, secrets above all; nothing when they are there. A start that fails before leaves no file behind. */
  settle(): Promise<void>;
  /** Reads the file again and takes what may change meanwhile; the rest keeps until the next start. Fails with `ConfigError`, then nothing changes. */
  reload(): Promise<Reloaded>;
  /** Whether a host, with or without port, is the dashboard's own (spec 10 section 1.3). */
  isReservedHost(host: string): boolean;
}

export interface StoreParts {
  readonly path: string;
  readonly loaded: ConfigValues;
  readonly environment: RawMap;
  readonly untouched: ReadonlySet<string>;
  /** What file and environment say now. */
  readonly reread: () => Promise<ConfigValues>;
  /** What the start has to write. */
  readonly made: Readonly<Record<string, string>> | "everything";
}

export function createConfigStore({ path, loaded, environment, untouched, reread, made }: StoreParts): ConfigStore {
  const writes = createSerialQueue();
  let current = snapshot(loaded);
  // The file is read again each time: comments and unknown keys may have changed since the start.
  const rewrite = async (change: (source: ConfigSource) => string): Promise<void> => {
    const source = await readSource(path);
    const text = change(source);
    if (text !== source.text) await writeConfigFile(path, text);
  };
  const save = async (settings: Partial<EditableSettings>): Promise<void> => {
    await rewrite((source) => fillDocument(source, { ...current, ...settings }, { environment, untouched }));
    current = snapshot({ ...current, ...settings }, current);
  };
  const saveProvider = async (name: string, fields: ProviderFields | undefined): Promise<void> => {
    let oauth2 = current.oauth2;
    await rewrite((source) => {
      const text = changeProvider(source, name, fields);
      ({ oauth2 } = readValues([parseConfig(text, path).values, environment]));
      return text;
    });
    current = snapshot({ ...current, oauth2 }, current);
  };
  const settle = (): Promise<void> =>
    rewrite((source) => (made === "everything" ? fillDocument(source, current, { environment, untouched }) : patchDocument(source, made)));
  const reload = async (): Promise<Reloaded> => {
    const { values, ...said } = takeHarmless(current, await reread());
    current = snapshot(values, current);
    return said;
  };
  return {
    get current() {
      return current;
    },
    save: (settings) => writes.run(() => save(settings)),
    saveProvider: (name, fields) => writes.run(() => saveProvider(name, fields)),
    settle: () => writes.run(settle),
    reload: () => writes.run(reload),
    take: (settings) => void (current = snapshot({ ...current, ...settings }, current)),
    takeProvider(name, fields) {
      const { [name]: _before, ...others } = current.oauth2;
      const inFile = new Map(fields === undefined ? [] : [[name, rawFields(fields)]]);
      const read = readProviders(section(lookUp(environment, "oauth2"), "oauth2"), inFile)[name];
      current = snapshot({ ...current, oauth2: read === undefined ? others : { ...current.oauth2, [name]: read } }, current);
    },
    write: () => writes.run(() => save({})),
    writeProvider: (name, fields) => writes.run(() => rewrite((source) => changeProvider(source, name, fields))),
    writtenProviders: async () => readProviders(new Map(), section(lookUp((await readSource(path)).values, "oauth2"), "oauth2")),
    isReservedHost: (host) => {
      const { installHost, dashboardHost, listenHost, reservedHosts } = current;
      return isReservedHost(host, [installHost, dashboardHost, listenHost, reservedHosts]);
    },
  };
}

function snapshot(values: ConfigValues, previous?: Config): Config {
  const { ignoredIpNotification: list } = values;
  const ids = previous?.ignoredIpNotification === list ? previous.ignoredIpNotificationServerIds : serverIds(list);
  return Object.freeze({ ...values, ignoredIpNotificationServerIds: ids });
}

/** Entries with spaces are none in files of the reference; what is saved here has no spaces. */
function serverIds(list: string): ReadonlySet<number> {
  return new Set(
    list
      .split(",")
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number),
  );
}

/** The file as it is now; an empty one where there is none. */
export async function readSource(path: string): Promise<ConfigSource> {
  return parseConfig((await readConfigFile(path)) ?? "", path);
}
