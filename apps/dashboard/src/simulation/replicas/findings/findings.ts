import { judgeChannels } from "../../findings/channels.ts";
import { judgeIncidents } from "../../findings/incidents.ts";
import { judgeMessages } from "../../findings/messages.ts";
import { judgeNames } from "../../findings/names.ts";
import { readStored } from "../../findings/stored.ts";
import type { World } from "../world.ts";
import { judgeAbsence } from "./absence.ts";
import { judgeAgreement } from "./agreement.ts";
import { judgeCommandsOnce } from "./commands-once.ts";
import { judgeIncidentsOnce } from "./incidents-once.ts";
import { judgeJudges } from "./judges.ts";
import { playedBy } from "./played-by.ts";

/** What a run of several replicas has shown that must not be; empty when all is well. */
export async function judgeReplicas(world: World): Promise<readonly string[]> {
  const { judge } = world;
  if (!judge) return [...world.findings, "nobody judges in the end"];
  const stored = await readStored(judge.line.database);
  const played = playedBy(world, judge);
  return [
    ...world.findings,
    ...judgeJudges(world),
    ...judgeAgreement(world),
    ...[judgeIncidents, judgeMessages, judgeChannels, judgeNames].flatMap((findings) => findings(played, stored)),
    ...[judgeAbsence, judgeIncidentsOnce, judgeCommandsOnce].flatMap((findings) => findings(world, stored)),
  ];
}
