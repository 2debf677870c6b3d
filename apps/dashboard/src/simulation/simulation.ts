import type { HostState } from "#features/servers";
import type { AgentMood } from "./agents.ts";
import { castOf } from "./cast.ts";
import { MOODS } from "./channels.ts";
import { enginesOf } from "./engines.ts";
import type { Engines } from "./engines.ts";
import { judge } from "./findings/findings.ts";
import { heatMoved, moveServer } from "./move-server.ts";
import { playOthers, endOthers } from "./others.ts";
import { pick, randomOf } from "./random.ts";
import type { Random } from "./random.ts";
import { Scene } from "./scene.ts";
import { setUp } from "./set-up.ts";

const HERS = [1, 2, 3];
/** Some seeds have servers that are reached through others. */
const PATHS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[2, 1]],
  [
    [2, 1],
    [3, 1],
  ],
  [
    [2, 1],
    [3, 2],
  ],
];
const STEPS = 60;
/** A process that is to be killed is so after fewer calls of the database than this. */
const CALLS = 120;
/** In which every message is delivered, and every incident over. */
const HALF_MINUTES = 12;
const AGENT_MOODS: readonly AgentMood[] = ["calm", "calm", "hot", "hot", "lies", "lags", "away"];

/**
 * A few minutes of a small fleet, all of it decided by the seed: agents that come, go, lie and lag, channels that refuse, hang and lose
 * answers, rules that are saved, servers behind others, what else takes part (`engines`), and processes that are killed at any call of
 * the database. Then all calms down.
 *
 * @returns what was seen that must not be
 */
export async function simulate(seed: number, engines: Engines = enginesOf(seed)): Promise<readonly string[]> {
  const random = randomOf(seed);
  const more = randomOf(seed * 31 + 17);
  const through = new Map(pick(random, PATHS));
  const scene = await Scene.open({ cast: castOf(through, engines), engines, random: more });
  const { fate } = scene;
  try {
    await setUp(scene, random, more);
    for (const [index] of scene.cast.owners.entries()) scene.agents.moods.set(index + 1, "calm");
    for (let step = 0; step < STEPS; step++) {
      if (random(8) === 0) scene.channels.set(1, pick(random, MOODS));
      for (const id of HERS) if (random(6) === 0) scene.agents.moods.set(id, pick(random, AGENT_MOODS));
      if (random(12) === 0) fate.strikeAfter(random(CALLS));
      playOthers(scene, more, AGENT_MOODS);
      if (engines.silences && more(7) === 0) await scene.silences.play(scene, more);
      if (engines.moves && scene.move.done === Number.POSITIVE_INFINITY && more(STEPS / 2) === 0) await moveServer(scene);
      await playStep(scene, random);
      if (fate.isOver || random(40) === 0) await scene.restart({ killed: true, awayMs: random(3) === 0 ? random(600_000) : 0 });
      else if (engines.stops && more(40) === 0) await scene.restart({ killed: false, awayMs: more(60_000) });
    }
    await calm(scene);
    return await judge(scene);
  } finally {
    await scene.remove();
  }
}

async function playStep(scene: Scene, random: Random): Promise<void> {
  const { agents } = scene;
  for (const [id, mood] of agents.moods) {
    if (mood === "away") agents.leave(id);
    else if (mood !== "lags" || random(3) === 0) agents.report(id, wordsOf(mood, random));
  }
  await scene.pass(3000 + (random(5) === 0 ? random(4000) : 0));
}

function wordsOf(mood: AgentMood, random: Random): Partial<HostState> {
  if (mood === "lies") return random(2) === 0 ? { cpu: 0, unsound: ["cpu"] } : { cpu: random(100) };
  return { cpu: mood === "calm" ? 5 : 95 };
}

/** Everything answers, every agent is there and has nothing to tell. */
async function calm(scene: Scene): Promise<void> {
  const { agents, channels, fate } = scene;
  fate.spare();
  if (fate.isOver) await scene.restart({ killed: true, awayMs: 0 });
  for (const { id } of scene.cast.channels) channels.set(id, 200);
  for (const id of agents.moods.keys()) agents.moods.set(id, "calm");
  await endOthers(scene);
  await scene.silences.endAll(scene);
  await heatMoved(scene);
  for (let half = 0; half < HALF_MINUTES; half++) {
    for (let report = 0; report < 10; report++) {
      for (const id of agents.moods.keys()) agents.report(id);
      await scene.clock.advanceAsync(3000);
    }
    await scene.quiet();
  }
}
