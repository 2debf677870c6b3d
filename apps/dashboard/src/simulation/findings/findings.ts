import type { Scene } from "../scene.ts";
import { judgeChannels } from "./channels.ts";
import { judgeCommands } from "./commands.ts";
import { judgeIncidents } from "./incidents.ts";
import { judgeMessages } from "./messages.ts";
import { judgeMoves } from "./moves.ts";
import { judgeNames } from "./names.ts";
import { judgeSilences } from "./silences.ts";
import { readStored } from "./stored.ts";

/** What a run has shown that must not be; empty when all is well. */
export async function judge(scene: Scene): Promise<readonly string[]> {
  const stored = await readStored(scene.now.stored);
  return [judgeIncidents, judgeMessages, judgeChannels, judgeCommands, judgeNames, judgeSilences, judgeMoves].flatMap((findings) =>
    findings(scene, stored),
  );
}
