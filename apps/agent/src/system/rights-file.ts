import { readFileSync, statSync } from "node:fs";
import { configText, parsePlainYaml } from "../config/index.ts";
import type { RightsFile } from "../gate/index.ts";

/** The agent's configuration as the place where its rights stand. */
export function createRightsFile(path: string): RightsFile {
  return {
    stamp: () => {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found === undefined ? undefined : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
    },
    read: () => readFileSync(path, "utf8"),
    parsePlain: parsePlainYaml,
    parse: configText.parse,
  };
}
