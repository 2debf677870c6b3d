import { STORAGE_KEYS } from "./storage.ts";
import type { Preferences } from "./storage.ts";

/** How a reader wants times and sizes written; kept in the browser. */
export interface Conventions {
  /** Name of an IANA zone; `undefined`: the one of the browser. */
  readonly zone: string | undefined;
  /** Steps of 1024 (KiB) or of 1000 (kB). */
  readonly bytes: ByteStep;
  readonly temperature: Temperature;
}

export type ByteStep = 1024 | 1000;
export type Temperature = "celsius" | "fahrenheit";

export const USUAL: Conventions = { zone: undefined, bytes: 1024, temperature: "celsius" };

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What is kept; a zone that this browser does not know counts as none. */
export function readConventions(preferences: Preferences): Conventions {
  const zone = preferences.read(STORAGE_KEYS.zone) ?? "";
  return {
    zone: isZone(zone) ? zone : undefined,
    bytes: preferences.read(STORAGE_KEYS.bytes) === "decimal" ? 1000 : 1024,
    temperature: preferences.read(STORAGE_KEYS.temperature) === "fahrenheit" ? "fahrenheit" : "celsius",
  };
}

export function writeConventions(preferences: Preferences, { zone, bytes, temperature }: Conventions): void {
  preferences.write(STORAGE_KEYS.zone, zone ?? "");
  preferences.write(STORAGE_KEYS.bytes, bytes === 1000 ? "decimal" : "binary");
  preferences.write(STORAGE_KEYS.temperature, temperature);
}

/** Whether the text names a zone that times can be written in; "" names none. */
export function isZone(name: string): boolean {
  if (name === "") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
