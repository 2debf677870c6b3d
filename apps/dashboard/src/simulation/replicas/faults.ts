import { pick } from "../random.ts";
import type { Random } from "../random.ts";
import type { Replica } from "./replica.ts";
import type { World } from "./world.ts";

/** What befalls a replica in the middle of something does so within as many calls of the database. */
const CALLS = 60;
const JUDGED_WRITES = 4;
const SHORT_MS = 4_000;
const LONG_MS = 45_000;
/** What is due is late by as long as the machine slept: less than from one run of a cron to the next. */
const SLEEP_MS = 20_000;
/** A cut that nobody notices yet. */
const UNNOTICED_MS = 4_000;
/** As a dashboard does it that hands over: the balancer sees that it goes. */
const NOTICE_MS = 3_000;

const KINDS = ["kill", "kill", "pause", "pause", "sleep", "mute", "mute", "hush", "cut", "refuse", "stop"] as const;

/** Lets something befall a replica that is well, as the seed says. */
export function playFault(world: World, random: Random): void {
  const { well } = world;
  // Now and then also the last one.
  if (well.length === 0 || (well.length === 1 && random(6) > 0)) return;
  // The one that judges has the most to lose.
  const victim = random(2) === 0 && world.judge && well.includes(world.judge) ? world.judge : pick(random, well);
  const ms = random(3) === 0 ? random(LONG_MS) : random(SHORT_MS);
  const strike = (befall: () => void): void => {
    const ifThere = (): void => (victim.life.runs && world.replicas.includes(victim) ? befall() : undefined);
    const when = random(3);
    if (when === 0) befall();
    else if (when === 1) victim.line.strikeAfter(random(CALLS), ifThere);
    else victim.line.strikeAfterJudged(random(JUDGED_WRITES), ifThere);
  };
  switch (pick(random, KINDS)) {
    case "kill":
      return strike(() => kill(world, victim, ms));
    case "pause":
      return strike(() => pause(world, victim, { ms, hasSlept: false, isLate: random(2) === 0 }));
    case "sleep":
      return strike(() => pause(world, victim, { ms: Math.min(ms, SLEEP_MS), hasSlept: true, isLate: random(2) === 0 }));
    case "mute":
      return mute(world, victim, { ms, unnoticedMs: random(UNNOTICED_MS) });
    case "hush":
      return well.forEach((one) => mute(world, one, { ms, unnoticedMs: random(UNNOTICED_MS) }));
    case "cut":
      return cut(world, victim, ms);
    case "refuse":
      return victim.line.refuseAfter(random(CALLS), () => world.troubles.end(world.troubles.begin("is refused a call", victim.name)));
    case "stop":
      return void stop(world, victim, ms);
  }
}

/** Ends without a word; another one starts after a while. */
function kill(world: World, replica: Replica, ms: number): void {
  const trouble = world.troubles.begin("killed", replica.name);
  replica.kill();
  world.replicas.splice(world.replicas.indexOf(replica), 1);
  world.agents.lost(replica);
  startLater(world, ms, () => world.troubles.end(trouble));
}

function startLater(world: World, ms: number, started: () => void): void {
  world.clock.setTimeout(() => {
    world.start().then(started, (error: unknown) => world.findings.push(`a replica could not start: ${String(error)}`));
  }, ms);
}

interface Pause {
  readonly ms: number;
  /** The whole machine did. */
  readonly hasSlept: boolean;
  /** What agents have said meanwhile is read after what others have. */
  readonly isLate: boolean;
}

function pause(world: World, replica: Replica, { ms, hasSlept, isLate }: Pause): void {
  const trouble = world.troubles.begin(hasSlept ? "sleeps" : "stands still", replica.name);
  replica.pause();
  world.clock.setTimeout(() => {
    if (replica.life.isOver) return;
    replica.goOn({ hasSlept });
    if (isLate) world.clock.setTimeout(() => world.agents.goOn(replica), 1);
    else world.agents.goOn(replica);
    world.troubles.end(trouble);
  }, ms);
}

/** It hears nobody and nobody hears it. */
function mute(world: World, replica: Replica, { ms, unnoticedMs }: { readonly ms: number; readonly unnoticedMs: number }): void {
  const { joined, life } = replica;
  const trouble = world.troubles.begin("is cut off the bus", replica.name);
  joined.isMute = true;
  world.clock.setTimeout(() => {
    if (joined.isMute) joined.set("lost");
  }, unnoticedMs);
  world.clock.setTimeout(() => {
    joined.isMute = false;
    if (!life.isOver) joined.set("connected");
    world.troubles.end(trouble);
  }, ms);
}

function cut(world: World, replica: Replica, ms: number): void {
  const trouble = world.troubles.begin("is cut off the database", replica.name);
  replica.line.isCut = true;
  world.clock.setTimeout(() => {
    replica.line.isCut = false;
    world.troubles.end(trouble);
  }, ms);
}

/** Hands over and stops in order; another one starts after a while. */
async function stop(world: World, replica: Replica, ms: number): Promise<void> {
  const trouble = world.troubles.begin("stops", replica.name);
  world.leaving.add(replica);
  void replica.lease.stop();
  await new Promise<void>((resolve) => void world.clock.setTimeout(resolve, NOTICE_MS));
  void replica.fleet.sendingAway.run(0);
  await replica.stop();
  world.replicas.splice(world.replicas.indexOf(replica), 1);
  world.leaving.delete(replica);
  world.agents.lost(replica);
  startLater(world, ms, () => world.troubles.end(trouble));
}
