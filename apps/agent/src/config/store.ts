import { faultText } from "../fault.ts";
import { MONITOR_ONLY, parsePermits, rightsIn } from "../gate/index.ts";
import { fileText, hostPartOf, isRecord } from "./file-text.ts";
import type { HostPart } from "./file-text.ts";
import { fail, succeed } from "./model.ts";
import type { AgentConfig, Outcome } from "./model.ts";
import { configFault, mergeSources } from "./rules.ts";
import type { Environment } from "./rules.ts";

/** Rights of a file that is made now, with commas between them; reports and probes unless given. */
const PERMITS_VARIABLE = "NZ_PERMITS";

/** The disk as the configuration file needs it. */
export interface ConfigDisk {
  /** Text of a file, undefined when there is none; throws on other errors. */
  read(path: string): string | undefined;
  /** Replaces a file in one step: mode 0600, folder made with 0750. */
  replace(path: string, text: string): void;
}

/** YAML text to and from plain objects whose scalars are texts. */
export interface ConfigText {
  parse(text: string): Promise<unknown>;
  /** @throws Error when the text goes beyond what was loaded for reading so far */
  parseNow(text: string): unknown;
  stringify(values: Readonly<Record<string, unknown>>): string;
}

export interface ConfigStoreDeps {
  readonly path: string;
  readonly environment: Environment;
  readonly disk: ConfigDisk;
  readonly text: ConfigText;
  readonly randomUuid: () => string;
}

export interface ConfigStore {
  /**
   * Reads the file, lets the environment win and writes the file when it was missing or had no uuid, also when something
   * else in it is wrong (spec 21 section 2.2). A file that is made permits reports and probes alone.
   */
  load(): Promise<Outcome<AgentConfig>>;
  /** As `load`; where the file alone is not enough to run on, what the environment adds is written too: a service has another environment. */
  loadForService(): Promise<Outcome<AgentConfig>>;
  /** What file and environment say, whether an agent could run on it or not; writes nothing. */
  read(): Promise<Outcome<AgentConfig>>;
  /** As `save`, also where there is no file yet; one that is made permits reports and probes alone. */
  replace(config: AgentConfig): Promise<Outcome<undefined>>;
  /** Writes the whole configuration, and the rights as they stand in the file. The error says why it could not be written. */
  save(config: AgentConfig): Outcome<undefined>;
}

export function createConfigStore({ path, environment, disk, text, randomUuid }: ConfigStoreDeps): ConfigStore {
  let isOfficial = true;
  const write = (config: AgentConfig, host: HostPart): Outcome<undefined> => {
    try {
      disk.replace(path, fileText(config, host, text.stringify));
      return succeed(undefined);
    } catch (error) {
      return fail(faultText(error));
    }
  };
  /** What the file says this moment: whoever else changed it did so for good. */
  const presentHostPart = (): Outcome<HostPart> => {
    const content = disk.read(path);
    if (content === undefined) return isOfficial ? succeed({}) : fail("the configuration file is gone");
    return hostPartOf(content, text.parseNow(content));
  };
  const save = (config: AgentConfig): Outcome<undefined> => {
    try {
      const host = presentHostPart();
      return host.ok ? write(config, host.value) : host;
    } catch (error) {
      return fail(faultText(error));
    }
  };

  const readFile = async (): Promise<Outcome<Record<string, unknown> | undefined>> => {
    const found = await readValues({ path, disk, text });
    if (!found.ok) return found;
    if (found.value === undefined) return succeed(undefined);
    ({ isOfficial } = found.value);
    const { values } = found.value;
    return succeed(isOfficial && Object.keys(values).length === 0 ? undefined : values);
  };
  const create = (config: AgentConfig): Outcome<undefined> => {
    const asked = environment[PERMITS_VARIABLE];
    const permits = asked === undefined ? succeed(MONITOR_ONLY) : parsePermits(asked);
    if (!permits.ok) return permits;
    isOfficial = false;
    return write(config, { permits: permits.value });
  };

  const read = async (): Promise<Outcome<{ readonly config: AgentConfig; readonly isNew: boolean; readonly isEnough: boolean }>> => {
    const file = await readFile();
    if (!file.ok) return file;
    const merged = mergeSources(file.value ?? {}, environment);
    if (!merged.ok) return merged;
    const alone = mergeSources(file.value ?? {}, {});
    return succeed({ config: merged.value, isNew: file.value === undefined, isEnough: alone.ok && configFault(alone.value) === undefined });
  };

  const load = async (isForService: boolean): Promise<Outcome<AgentConfig>> => {
    const found = await read();
    if (!found.ok) return found;
    const { config: merged, isNew, isEnough } = found.value;
    const config = merged.uuid === "" ? { ...merged, uuid: randomUuid() } : merged;
    if (isNew || config !== merged || (isForService && !isEnough)) {
      const saved = isNew ? create(config) : save(config);
      if (!saved.ok) return saved;
    }
    const fault = configFault(config);
    return fault === undefined ? succeed(config) : fail(fault);
  };

  return {
    save,
    read: async () => {
      const found = await read();
      return found.ok ? succeed(found.value.config) : found;
    },
    replace: async (config) => {
      const found = await read();
      if (!found.ok) return found;
      try {
        return found.value.isNew ? create(config) : save(config);
      } catch (error) {
        return fail(faultText(error));
      }
    },
    load: () => load(false),
    loadForService: () => load(true),
  };
}

/** What the file holds; undefined where there is none. */
async function readValues({
  path,
  disk,
  text,
}: Pick<ConfigStoreDeps, "path" | "disk" | "text">): Promise<
  Outcome<{ readonly values: Record<string, unknown>; readonly isOfficial: boolean } | undefined>
> {
  try {
    const content = disk.read(path);
    if (content === undefined) return succeed(undefined);
    const values = (await text.parse(content)) ?? {};
    if (!isRecord(values)) return fail("the file must hold a map of keys to values");
    const rights = rightsIn(content, values);
    return typeof rights === "string" ? fail(rights) : succeed({ values, isOfficial: rights.kind === "official" });
  } catch (error) {
    return fail(faultText(error));
  }
}
