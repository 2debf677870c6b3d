import { faultText } from "../fault.ts";
import { CONFIG_KEYS, fail, isEmptyValue, succeed } from "./model.ts";
import type { AgentConfig, Outcome } from "./model.ts";
import { configFault, mergeSources } from "./rules.ts";
import type { Environment } from "./rules.ts";

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
   * else in it is wrong (spec 21 section 2.2).
   */
  load(): Promise<Outcome<AgentConfig>>;
  /** Writes the whole configuration. The error says why it could not be written. */
  save(config: AgentConfig): Outcome<undefined>;
}

export function createConfigStore({ path, environment, disk, text, randomUuid }: ConfigStoreDeps): ConfigStore {
  const save = (config: AgentConfig): Outcome<undefined> => {
    try {
      disk.replace(path, text.stringify(fileValues(config)));
      return succeed(undefined);
    } catch (error) {
      return fail(faultText(error));
    }
  };

  const readFile = async (): Promise<Outcome<Record<string, unknown> | undefined>> => {
    try {
      const content = disk.read(path);
      if (content === undefined) return succeed(undefined);
      const values = (await text.parse(content)) ?? {};
      return isRecord(values) ? succeed(values) : fail("the file must hold a map of keys to values");
    } catch (error) {
      return fail(faultText(error));
    }
  };

  return {
    save,
    load: async () => {
      const file = await readFile();
      if (!file.ok) return file;
      const merged = mergeSources(file.value ?? {}, environment);
      if (!merged.ok) return merged;
      const config = merged.value.uuid === "" ? { ...merged.value, uuid: randomUuid() } : merged.value;
      if (file.value === undefined || config !== merged.value) {
        const saved = save(config);
        if (!saved.ok) return saved;
      }
      const fault = configFault(config);
      return fault === undefined ? succeed(config) : fail(fault);
    },
  };
}

/** Keys in alphabetical order, empty lists and maps left out (spec 21 section 2.2). */
function fileValues(config: AgentConfig): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of CONFIG_KEYS.toSorted()) {
    if (!isEmptyValue(config[key])) values[key] = config[key];
  }
  return values;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
