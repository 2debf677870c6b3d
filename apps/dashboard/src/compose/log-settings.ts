import type { Config } from "#platform/config";
import type { LogSettings } from "#platform/log";

/** What the configuration says of the log: a level of its own goes before `debug`. */
export function logSettings({ debug, logFormat, logLevel }: Config): LogSettings {
  return { format: logFormat, level: logLevel === "" ? (debug ? "debug" : "info") : logLevel };
}
