import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import type { User } from "#kernel";
import type { Database } from "#platform/database";
import { AgentFleet } from "./agents.ts";
import { alice, bob, session } from "./cast.ts";
import type { Cast } from "./cast.ts";
import { Channels } from "./channels.ts";
import type { Engines } from "./engines.ts";
import { Fate } from "./fate.ts";
import { BEGIN, filledDatabase } from "./filled-database.ts";
import { NameService } from "./name-service.ts";
import { MOVED_SERVER } from "./moves.ts";
import type { Move } from "./moves.ts";
import { createOutage } from "./outage.ts";
import type { Outage } from "./outage.ts";
import { startProcess } from "./process.ts";
import type { Outside, Process } from "./process.ts";
import type { Random } from "./random.ts";
import { Silences } from "./silences.ts";

/** Turns of the event loop in which all that is due is done. */
const MOST_TURNS = 5_000;
/** The same while something waits for a call that was refused to be repeated. */
const TURNS_AFTER_REFUSAL = 60;
/** No pause after a refusal is longer. */
const PAUSE_MS = 31_000;

type PendingRow = Awaited<ReturnType<typeof pendingOf>>[number];

/** A run: processes one after the other on a real database, with agents, channels and name services around them. Time stands still between. */
export class Scene {
  readonly clock: FakeClock;
  readonly cast: Cast;
  readonly engines: Engines;
  readonly fate: Fate;
  readonly outage: Outage;
  readonly channels: Channels;
  readonly names = new NameService();
  readonly silences = new Silences();
  readonly move: Move = { begun: Number.POSITIVE_INFINITY, done: Number.POSITIVE_INFINITY };
  readonly agents: AgentFleet;
  readonly troubles: string[] = [];
  /** When people have made what there is in the run, Unix milliseconds. */
  readonly begun: number = BEGIN;
  /** Services whose targets do not answer. */
  readonly downServices = new Set<number>();
  readonly #folder: string;
  #process: Process | undefined;

  private constructor(folder: string, { cast, engines, random }: { cast: Cast; engines: Engines; random: Random }) {
    this.clock = createFakeClock(BEGIN);
    this.cast = cast;
    this.engines = engines;
    this.#folder = folder;
    const { now } = this.clock;
    this.fate = new Fate(now);
    this.outage = createOutage(now);
    this.channels = new Channels(now);
    this.agents = new AgentFleet({
      clock: this.clock,
      random,
      outage: this.outage,
      process: () => (this.fate.isOver ? undefined : this.#process),
      isUp: (serviceId) => !this.downServices.has(serviceId),
    });
  }

  static async open(options: { cast: Cast; engines: Engines; random: Random }): Promise<Scene> {
    const folder = await mkdtemp(join(tmpdir(), "windfire-scene-"));
    const scene = new Scene(folder, options);
    await writeFile(scene.#path, await filledDatabase(options.cast));
    scene.#process = await startProcess(scene.#outside, scene.#path);
    return scene;
  }

  get #path(): string {
    return join(this.#folder, "sqlite.db");
  }

  get #outside(): Outside {
    const { agents, cast, clock, engines, troubles } = this;
    return {
      agents,
      cast,
      clock,
      engines,
      troubles,
      wrap: this.fate.wrap,
      send: (request) => (request.url.startsWith("http://h/") ? this.channels.send(request) : this.names.send(request)),
    };
  }

  /** The process that runs now, or ran last. */
  get now(): Process {
    if (this.#process === undefined) throw new Error("no process has begun");
    return this.#process;
  }

  secondsAt(time: number): number {
    return Math.round((time - BEGIN) / 1000);
  }

  /** A row of somebody's; its id. */
  async create(request: string, form: object, user: User = alice): Promise<number> {
    const answer = await this.now.call(session(user), request, form);
    if ("error" in answer) throw new Error(`${request}: ${answer.error}`);
    await this.quiet();
    return answer.data as number;
  }

  /** Resolves when everything that is due was done. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      await new Promise(setImmediate);
      if (this.fate.isOver || !(await this.#isBusy())) return;
      if (turn > TURNS_AFTER_REFUSAL && this.fate.wasDisturbed(this.clock.now() - PAUSE_MS, this.clock.now())) return;
    }
    throw new Error("still busy");
  }

  async #isBusy(): Promise<boolean> {
    const { alerts, stored } = this.now;
    if (alerts.stats().waiting > 0) return true;
    const pending = await pendingOf(stored);
    const stuck = ({ topic, target }: PendingRow): number =>
      topic === "notification" ? this.channels.hanging(Number(target)) : topic === "ddns" ? this.names.hanging(Number(target)) : 0;
    const first = pending.filter(({ lane }, index) => lane === "" || pending.findIndex((other) => other.lane === lane) === index);
    return [...Map.groupBy(first, ({ topic, target }) => `${topic} ${target}`).values()].some((ofTarget) => {
      const [some] = ofTarget;
      if (some === undefined || stuck(some) > 0) return false;
      return ofTarget.some((row) => row.state === "sending" || row.next_try_at <= this.clock.now());
    });
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    await this.quiet();
  }

  /** The process ends, in order or as if it were killed, and after a while another one starts on what it left. */
  async restart({ killed, awayMs }: { killed: boolean; awayMs: number }): Promise<void> {
    if (!killed) await this.now.stop(false);
    this.fate.end(killed);
    if (killed) await this.now.stop(true);
    const endedAt = this.clock.now();
    this.clock.advance(awayMs);
    this.#process = await startProcess(this.#outside, this.#path);
    this.fate.begin(endedAt);
    // What was written before the crash is known to the process that reads it.
    if (this.#process.servers.get(MOVED_SERVER)?.settings.ownerId === bob.id) this.move.done = Math.min(this.move.done, this.clock.now());
  }

  async remove(): Promise<void> {
    await this.now.stop(this.fate.isOver);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function pendingOf({ kysely }: Database) {
  const rows = kysely.selectFrom("wf_outbox").select(["topic", "target", "lane", "state", "next_try_at"]);
  return rows.where("state", "in", ["waiting", "sending"]).orderBy("id").limit(100).execute();
}
