import type { Stored } from "../../findings/stored.ts";
import { BEGIN } from "../../filled-database.ts";
import { TICK } from "../../set-up.ts";
import type { Receipt } from "../roaming-agents.ts";
import type { World } from "../world.ts";

/** A command is at its server so soon after its time; what comes later is not carried out. */
const UNDER_WAY_MS = 2_500;
/** The longest that nobody judges. */
const FOLLOWED_MS = 15_000;
/** Answers of replicas that are befallen meanwhile do not come. */
const CLOSE_MS = 4_000;

/** What was due ran once, at its time, and is booked as it went. */
export function judgeCommandsOnce(world: World, stored: Stored): string[] {
  if (!world.engines.crons) return [];
  const scheduled = world.agents.receipts.filter(({ cronId }) => cronId === TICK.id);
  return [...lost(world, stored), ...scheduled.flatMap((receipt) => judgeOne(world, stored, { receipt, scheduled }))];
}

/** Whenever it was due it ran or is booked as missed, and not both. */
function lost({ agents, clock, commands, edits, secondsAt, troubles }: World, { runs }: Stored): string[] {
  const ofCron = runs.filter(({ cron_id: cronId, cause }) => cronId === TICK.id && cause !== "trigger");
  const findings: string[] = [];
  for (let due = BEGIN + TICK.everyMs; due <= clock.now() - UNDER_WAY_MS; due += TICK.everyMs) {
    const known = ofCron.filter(({ missed, started_at: at }) => (missed ? due >= missed.first && due <= missed.last : slotOf(at) === due));
    if (known.length > 1) findings.push(`the run of ${secondsAt(due)} s is booked twice`);
    // It takes place all the same when it cannot be written.
    const tookPlace = commands.some(({ at, cronId }) => cronId === TICK.id && slotOf(at) === due) && troubles.were(due, due + UNDER_WAY_MS);
    // What was due before its row was written last is not looked for.
    const written = [...edits, ...agents.receipts.filter(({ cronId }) => cronId === TICK.id).map(({ answeredAt }) => answeredAt ?? 0)];
    const isHidden = written.some((at) => at >= due && at <= due + FOLLOWED_MS);
    if (known.length === 0 && !tookPlace && !isHidden) findings.push(`the run of ${secondsAt(due)} s is lost`);
  }
  return findings;
}

function judgeOne(
  { secondsAt, troubles }: World,
  { results }: Stored,
  { receipt, scheduled }: { readonly receipt: Receipt; readonly scheduled: readonly Receipt[] },
): string[] {
  const { at, cronId, serverId } = receipt;
  const due = slotOf(at);
  const about = `the command of ${secondsAt(due)} s on server ${serverId}`;
  const same = scheduled.filter((other) => other.serverId === serverId && other.at >= due && other.at < due + TICK.everyMs);
  const findings = same.indexOf(receipt) > 0 ? [`${about} ran again at ${secondsAt(at)} s`] : [];
  if (at - due > UNDER_WAY_MS && !troubles.were(due - TICK.everyMs, at, { kind: "sleeps" }))
    findings.push(`${about} ran late, at ${secondsAt(at)} s`);
  const row = results.find((result) => result.cron_id === cronId && result.server_id === serverId && slotOf(result.sent_at) === due);
  if (troubles.were(due - CLOSE_MS, at + CLOSE_MS)) return findings;
  if (row === undefined) findings.push(`${about} is in no run`);
  else if (row.state === "offline" || row.state === "busy") findings.push(`${about} ran and is booked as ${row.state}`);
  return findings;
}

/** When what began at a moment was due. */
const slotOf = (at: number): number => at - (at % TICK.everyMs);
