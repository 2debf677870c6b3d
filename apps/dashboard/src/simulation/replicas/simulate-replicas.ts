import type { State } from "@windfire/protocol";
import type { AgentMood } from "../agents.ts";
import { alice, castOf, session, WEB } from "../cast.ts";
import { MOODS } from "../channels.ts";
import { NO_MORE } from "../engines.ts";
import type { Engines } from "../engines.ts";
import { flip } from "../others.ts";
import { pick, randomOf } from "../random.ts";
import type { Random } from "../random.ts";
import { BEHIND, setUp, TICK } from "../set-up.ts";
import type { Break } from "./breaks.ts";
import { playFault } from "./faults.ts";
import { judgeReplicas } from "./findings/findings.ts";
import { World } from "./world.ts";

const SERVERS = [1, 2, 3];
const STEPS = 50;
const STEP_MS = 3_000;
/** After the last of what befell replicas, until all is as it is to be. */
const CALM_STEPS = 110;
/** Replicas have met, and their rules look. */
const FIRST_STEPS = 5;
/** Seconds of absence that a rule tells of: more than agents need to come to another replica. */
const AWAY_FOR = 20;
const AGENT_MOODS: readonly AgentMood[] = ["calm", "calm", "calm", "hot", "hot", "lies", "lags", "away"];

/** Alerts in each, the rest in so many of the seeds that every pair meets often. */
export function enginesOfReplicas(seed: number): Engines {
  const random = randomOf(seed * 5 + 2);
  return { ...NO_MORE, services: random(2) === 0, crons: random(3) > 0, names: random(3) === 0 };
}

/**
 * A few minutes of a small fleet on two or three replicas of one installation, all of it decided by the seed: agents that move between them, a
 * bus that is late, replicas that stand still, are killed, cut off or stopped. Then all calms down.
 *
 * @returns what was seen that must not be
 */
export async function simulateReplicas(
  seed: number,
  { engines = enginesOfReplicas(seed), broken }: { readonly engines?: Engines; readonly broken?: Break } = {},
): Promise<readonly string[]> {
  const random = randomOf(seed * 3 + 1);
  const world = await World.open({
    cast: castOf(new Map(), engines),
    engines,
    random: randomOf(seed * 17 + 5),
    count: 2 + random(2),
    broken,
  });
  try {
    await setUp(world, random, random, AWAY_FOR);
    for (const id of SERVERS) world.agents.moods.set(id, "calm");
    for (let step = 0; step < FIRST_STEPS; step++) await playStep(world, random);
    for (let step = 0; step < STEPS; step++) {
      playPeople(world, random);
      if (random(4) === 0) playFault(world, random);
      await playStep(world, random);
    }
    await calm(world, random);
    return await judgeReplicas(world);
  } finally {
    await world.remove();
  }
}

/** Who is outside does something. */
function playPeople(world: World, random: Random): void {
  const { agents, channels, downServices, engines, names } = world;
  if (random(8) === 0) channels.set(1, pick(random, MOODS));
  for (const id of SERVERS) {
    if (random(8) === 0) agents.moods.set(id, pick(random, AGENT_MOODS));
    if (random(15) === 0) agents.move(id);
  }
  if (engines.services) for (const id of [WEB, BEHIND]) if (random(9) === 0) flip(downServices, id);
  if (engines.names) {
    if (random(6) === 0) names.mood = pick(random, MOODS);
    for (const id of world.cast.profiles.keys())
      if (random(10) === 0)
        agents.addresses.set(id, { ipv4: `203.0.113.${id * 50 + random(20)}`, ipv6: `2001:db8:${id}::${1 + random(20)}` });
  }
  if (engines.crons && random(10) === 0 && world.well.length > 0) {
    const cron = { name: "tick of alice", notification_group_id: 1, task_type: 0, scheduler: "*/30 * * * * *", cover: 0 };
    const form = { ...cron, command: `x ${random(100)}`, servers: TICK.servers };
    world.edits.push(world.clock.now());
    void pick(random, world.well)
      .call(session(alice), `PATCH /cron/${TICK.id}`, form)
      .catch(() => undefined);
  }
}

async function playStep(world: World, random: Random): Promise<void> {
  const { agents } = world;
  for (const [id, mood] of agents.moods) {
    if (mood === "away") agents.leave(id);
    else if (mood !== "lags" || random(3) === 0) agents.report(id, wordsOf(mood, random));
  }
  await world.pass(STEP_MS);
}

function wordsOf(mood: AgentMood, random: Random): Partial<State> {
  if (mood === "lies") return { cpu: random(2) === 0 ? Number.NaN : random(100) };
  return { cpu: mood === "hot" ? 95 : 5 };
}

/** Nothing befalls anybody any more, every agent is there and has nothing to tell. */
async function calm(world: World, random: Random): Promise<void> {
  const { agents, channels, downServices, names } = world;
  for (const { id } of world.cast.channels) channels.set(id, 200);
  for (const id of agents.moods.keys()) agents.moods.set(id, "calm");
  downServices.clear();
  names.mood = 200;
  for (const { line } of world.replicas) line.spare();
  for (let step = 0; step < CALM_STEPS; step++) {
    // The hourly round.
    if (step === CALM_STEPS / 2) await world.judge?.ddns?.round();
    await playStep(world, random);
  }
}
