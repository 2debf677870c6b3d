import type { HostState } from "#features/servers";
import type { Database } from "#platform/database";
import { alice } from "./process.ts";
import { Scene } from "./scene.ts";

/** What a run has shown that must not be; empty when all is well. */
export type Findings = readonly string[];

const SERVERS = [1, 2, 3];
const STEPS = 60;
type Mood = "calm" | "hot" | "lies" | "lags" | "away";
const MOODS: readonly Mood[] = ["calm", "calm", "hot", "hot", "lies", "lags", "away"];
const RECEIVERS = [200, 200, 200, 503, "hangs", "lost"] as const;

/**
 * A few minutes of a small fleet, all of it decided by the seed: agents that come, go, lie and lag, a channel that refuses, hangs and loses
 * answers, rules that are saved, and processes that are killed before or after any change of the database. Then all calms down.
 */
export async function simulate(seed: number): Promise<Findings> {
  const random = randomOf(seed);
  const fate = new Fate(random);
  const scene = await Scene.open({ owners: SERVERS.map(() => alice.id), wrap: fate.wrap, isOver: () => fate.isOver });
  try {
    const hot = { name: "hot", trigger_mode: random(2), rules: [{ type: "cpu", max: 50, duration: 3 + random(3) }] };
    await scene.rule(hot);
    await scene.rule({ name: "away", rules: [{ type: "offline", duration: 3 }] });
    const moods = new Map<number, Mood>(SERVERS.map((id) => [id, "calm"]));
    for (let step = 0; step < STEPS; step++) {
      if (random(8) === 0) scene.world.receiver = pick(random, RECEIVERS);
      for (const id of SERVERS) if (random(6) === 0) moods.set(id, pick(random, MOODS));
      if (random(12) === 0) fate.strikeAfter(random(4));
      await playStep(scene, random, moods);
      if (fate.isOver || random(40) === 0) await fate.rise(scene, random(3) === 0 ? random(600_000) : 0);
    }
    await calm(scene, fate);
    return await judge(scene, fate);
  } finally {
    await scene.remove();
  }
}

async function playStep(scene: Scene, random: Random, moods: ReadonlyMap<number, Mood>): Promise<void> {
  for (const [id, mood] of moods) {
    if (mood === "away") scene.leave(id);
    else if (mood !== "lags" || random(3) === 0) scene.report(id, wordsOf(mood, random));
  }
  await scene.pass(3000 + (random(5) === 0 ? random(4000) : 0));
}

function wordsOf(mood: Mood, random: Random): Partial<HostState> {
  if (mood === "lies") return random(2) === 0 ? { cpu: 0, unsound: ["cpu"] } : { cpu: random(100) };
  return { cpu: mood === "calm" ? 5 : 95 };
}

/** Everything answers, every agent is there and has nothing to tell. */
async function calm(scene: Scene, fate: Fate): Promise<void> {
  fate.spare();
  if (fate.isOver) await fate.rise(scene, 0);
  scene.world.receiver = 200;
  await scene.play(120, Object.fromEntries(SERVERS.map((id) => [id, {}])));
  for (let half = 0; half < 16; half++) {
    for (let report = 0; report < 10; report++) {
      for (const id of SERVERS) scene.report(id);
      await scene.world.clock.advanceAsync(3000);
    }
    await scene.quiet();
  }
}

async function judge(scene: Scene, fate: Fate): Promise<Findings> {
  const findings: string[] = [];
  const incidents = await scene.incidents();
  const messages = await scene.now.outbox.find({ topic: "notification" }, 10_000);
  for (const { id, ended_at } of incidents) {
    if (ended_at === 0) findings.push(`incident ${id} never ended`);
    if (!messages.some(({ event, kind }) => event === `incident ${id}` && kind === "incident"))
      findings.push(`incident ${id} has no message`);
  }
  for (const { id, state } of messages) if (state === "waiting" || state === "sending") findings.push(`message ${id} is still ${state}`);
  for (const recovery of messages.filter(({ kind, state }) => kind === "recovery" && state === "sent")) {
    const before = messages.filter(({ id, kind, lane }) => lane === recovery.lane && id < recovery.id && kind !== "recovery");
    if (!before.some(({ state, unsure }) => state === "sent" || unsure)) findings.push(`message ${recovery.id} ends what nobody heard of`);
    if (before.some(({ state, settledAt }) => state === "sent" && settledAt > recovery.settledAt))
      findings.push(`message ${recovery.id} overtook its incident`);
  }
  // Of two beginnings the end between was given up, or of two ends a beginning that nobody can vouch for.
  const cancelled = messages.filter(({ kind, state, unsure }) => state === "cancelled" && (kind === "recovery" || unsure)).length;
  let repeated = 0;
  for (const [about, told] of Map.groupBy(scene.taken, (text) => text.replace(/^\d+ \[\w+\] /, ""))) {
    const words = told.map((text) => (text.includes("[Incident]") ? "incident" : "recovery"));
    if (words.at(-1) === "incident") findings.push(`${about}: the last word is that it fails, and it does not`);
    repeated += words.filter((word, index) => word === words[index - 1]).length;
  }
  const reminders = messages.filter(({ kind, state }) => kind === "reminder" && state === "sent").length;
  const mayRepeat = fate.deaths + scene.world.unheard + cancelled + reminders;
  if (repeated > mayRepeat) findings.push(`${repeated} repetitions after ${fate.deaths} crashes`);
  if (scene.now.alerts.stats().dropped > 0) findings.push("a change was dropped");
  return findings;
}

type Random = (below: number) => number;

function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[random(from.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

/** Whole numbers below a bound, the same for the same seed. */
function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** When processes end: just before a change of the database is written, or just after, before anybody hears of it. */
class Fate {
  readonly #random: Random;
  #life = { isOver: false };
  #left: number | undefined;
  deaths = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get isOver(): boolean {
    return this.#life.isOver;
  }

  strikeAfter(changes: number): void {
    this.#left = changes;
  }

  spare(): void {
    this.#left = undefined;
  }

  readonly wrap = (database: Database): Database => {
    const life = { isOver: false };
    this.#life = life;
    const change: Database["change"] = async (verb) => {
      if (life.isOver) throw new Error("the process is gone");
      const strikes = this.#left !== undefined && this.#left-- === 0;
      const isBefore = strikes && this.#random(2) === 0;
      if (isBefore) life.isOver = true;
      if (isBefore) throw new Error("killed before it was written");
      const value = await database.change(verb);
      if (strikes) life.isOver = true;
      if (life.isOver) throw new Error("killed before anybody heard of it");
      return value;
    };
    // All other members are the database's own.
    return Object.create(database, { change: { value: change } }) as Database;
  };

  async rise(scene: Scene, awayMs: number): Promise<void> {
    this.#life.isOver = true;
    this.#left = undefined;
    this.deaths++;
    await scene.restart({ killed: true, awayMs });
  }
}
