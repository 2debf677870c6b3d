import type { Clock } from "@windfire/kit";
import { configDisk, configText } from "../config/index.ts";
import type { AgentConfig } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";
import type { Log } from "../log.ts";
import { createProgramUpdates } from "../update/program-updates.ts";
import type { ProgramUpdates, ProgramUpdatesDeps } from "../update/program-updates.ts";

/** Where the launcher of an installed agent says it lies. */
export const ROOT_VARIABLE = "WINDFIRE_AGENT_ROOT";

export interface UpdatesDeps {
  readonly clock: Clock;
  readonly config: () => AgentConfig;
  readonly configPath: string;
  /** Undefined for an agent that was not installed to be updated. */
  readonly root: string | undefined;
  readonly isPermitted: () => boolean;
  readonly log: Log;
  readonly random: () => number;
}

/** Updates of this program; their code is loaded when one is looked for. */
export function createUpdates({ root, configPath, ...deps }: UpdatesDeps): ProgramUpdates {
  return createProgramUpdates({
    ...deps,
    source: () => updateSource(configPath),
    update: updateProgram(root, false),
    noteReport: (afterMs) => void noteReportOf(root, afterMs, deps.log),
    restart: () => process.exit(1),
  });
}

export async function updateSource(configPath: string): ReturnType<ProgramUpdatesDeps["source"]> {
  const { readUpdateSource } = await import("../update/source.ts");
  const content = configDisk.read(configPath);
  return content === undefined ? succeed(undefined) : readUpdateSource(await configText.parse(content));
}

/** @param force also to versions that are older, or failed before */
export function updateProgram(root: string | undefined, force: boolean): ProgramUpdatesDeps["update"] {
  return async (source) => {
    if (root === undefined) return fail("this agent was not installed to be updated; replace the program it runs from");
    const [{ update }, { download }] = await Promise.all([import("../update/updater.ts"), import("./download.ts")]);
    return update({ root, source, download, force });
  };
}

async function noteReportOf(root: string | undefined, afterMs: number, log: Log): Promise<void> {
  if (root === undefined) return;
  try {
    const { noteReport } = await import("../update/program-folder.ts");
    noteReport(root, afterMs);
  } catch (error) {
    log.warn(`the trial of a version cannot be ended: ${error instanceof Error ? error.message : String(error)}`);
  }
}
