import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const NAME = "config.yml";

/** Where an installed agent has its configuration. */
export function installedConfigPath(platform: NodeJS.Platform, environment: Readonly<Record<string, string | undefined>>): string {
  if (platform === "win32") return join(environment["ProgramData"] ?? "C:\\ProgramData", "windfire-agent", NAME);
  return platform === "linux" ? `/etc/windfire-agent/${NAME}` : `/usr/local/etc/windfire-agent/${NAME}`;
}

/** The file that was named, else the one in the working directory, else that of the installed agent; a new one lies in the working directory. */
export function findConfigPath(given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  const installed = installedConfigPath(process.platform, process.env);
  return !existsSync(NAME) && existsSync(installed) ? installed : resolve(NAME);
}
