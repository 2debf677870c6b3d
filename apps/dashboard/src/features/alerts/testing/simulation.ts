import type { HostState } from "#features/servers";
import { Fate } from "./fate.ts";
import { judgeMessages } from "./findings.ts";
import { createOutage } from "./outage.ts";
import type { Outage } from "./outage.ts";
import { alice } from "./process.ts";
import { pick, randomOf } from "./random.ts";
import type { Random } from "./random.ts";
import { Scene } from "./scene.ts";

const SERVERS = [1, 2, 3];
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
type Mood = "calm" | "hot" | "lies" | "lags" | "away";
const MOODS: readonly Mood[] = ["calm", "calm", "hot", "hot", "lies", "lags", "away"];
const RECEIVERS = [200, 200, 200, 503, "hangs", "lost"] as const;

/**
 * A few minutes of a small fleet, all of it decided by the seed: agents that come, go, lie and lag, a channel that refuses, hangs and loses
 * answers, rules that are saved, servers behind others, and processes that are killed at any call of the database. Then all calms down.
 */
export async function simulate(seed: number): Promise<readonly string[]> {
  const random = randomOf(seed);
  const fate = new Fate();
  const through = new Map(pick(random, PATHS));
  const scene = await Scene.open({ owners: SERVERS.map(() => alice.id), through, wrap: fate.wrap, isOver: () => fate.isOver });
  const outage = createOutage(scene.world.clock.now);
  try {
    const hot = { name: "hot", trigger_mode: random(2), rules: [{ type: "cpu", max: 50, duration: 3 + random(3) }] };
    await scene.rule(hot);
    await scene.rule({ name: "away", rules: [{ type: "offline", duration: 3 }] });
    const moods = new Map<number, Mood>(SERVERS.map((id) => [id, "calm"]));
    for (let step = 0; step < STEPS; step++) {
      if (random(8) === 0) scene.world.receiver = pick(random, RECEIVERS);
      for (const id of SERVERS) if (random(6) === 0) moods.set(id, pick(random, MOODS));
      if (random(12) === 0) fate.strikeAfter(random(CALLS));
      await playStep(scene, random, moods, outage);
      if (fate.isOver || random(40) === 0) await fate.rise(scene, random(3) === 0 ? random(600_000) : 0);
    }
    await calm(scene, fate, outage);
    return await judgeMessages(scene, fate, outage);
  } finally {
    await scene.remove();
  }
}

async function playStep(scene: Scene, random: Random, moods: ReadonlyMap<number, Mood>, outage: Outage): Promise<void> {
  for (const [id, mood] of moods) {
    if (mood === "away") {
      scene.leave(id);
      outage.left(id);
    } else if (mood !== "lags" || random(3) === 0) {
      scene.report(id, wordsOf(mood, random));
      outage.reported(id);
    }
  }
  await scene.pass(3000 + (random(5) === 0 ? random(4000) : 0));
}

function wordsOf(mood: Mood, random: Random): Partial<HostState> {
  if (mood === "lies") return random(2) === 0 ? { cpu: 0, unsound: ["cpu"] } : { cpu: random(100) };
  return { cpu: mood === "calm" ? 5 : 95 };
}

/** Everything answers, every agent is there and has nothing to tell. */
async function calm(scene: Scene, fate: Fate, outage: Outage): Promise<void> {
  fate.spare();
  if (fate.isOver) await fate.rise(scene, 0);
  scene.world.receiver = 200;
  for (let half = 0; half < HALF_MINUTES; half++) {
    for (let report = 0; report < 10; report++) {
      for (const id of SERVERS) {
        scene.report(id);
        outage.reported(id);
      }
      await scene.world.clock.advanceAsync(3000);
    }
    await scene.quiet();
  }
}
