import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { TASK } from "@windfire/protocol";
import { openSharedDatabase } from "#platform/database/testing";
import type { SharedDatabase } from "#platform/database/testing";
import type { User } from "#kernel";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import type { Command } from "../agents.ts";
import { alice, serverOf, session } from "../cast.ts";
import type { Cast } from "../cast.ts";
import { Channels } from "../channels.ts";
import type { Engines } from "../engines.ts";
import { BEGIN, filledDatabase } from "../filled-database.ts";
import { NameService } from "../name-service.ts";
import { createOutage } from "../outage.ts";
import type { Random } from "../random.ts";
import type { Break } from "./breaks.ts";
import { createLateNet } from "./late-net.ts";
import type { JudgedWrite } from "./observed-lease.ts";
import { openReplica } from "./replica.ts";
import type { Around, Replica } from "./replica.ts";
import { RoamingAgents } from "./roaming-agents.ts";
import { Troubles } from "./troubles.ts";
import { watchTerms } from "./terms.ts";

/** What is said across a cut, or waits for a process that stands still, is known to be over by then. */
const TURNS = 4;
/** Servers are certainly away when nothing was heard for so long: replicas hear of each other with a delay. */
const AWAY_AFTER_MS = 30_000;

export interface WorldOptions {
  readonly cast: Cast;
  readonly engines: Engines;
  readonly random: Random;
  readonly count: number;
  readonly broken?: Break | undefined;
}

/** A run of several replicas on one database and one bus, with agents, channels and name services around them. */
export class World {
  readonly clock: FakeClock = createFakeClock(BEGIN);
  readonly cast: Cast;
  readonly engines: Engines;
  readonly channels = new Channels(this.clock.now);
  readonly names = new NameService();
  readonly outage = createOutage(this.clock.now, AWAY_AFTER_MS);
  readonly troubles = new Troubles(this.clock.now);
  readonly agents: RoamingAgents;
  /** Those that have not ended. */
  readonly replicas: Replica[] = [];
  /** Those that are about to stop. */
  readonly leaving = new Set<Replica>();
  readonly said: string[] = [];
  readonly commands: Command[] = [];
  readonly writes: JudgedWrite[] = [];
  /** When people edited the cron with a schedule. */
  readonly edits: number[] = [];
  /** What was seen at once that must not be. */
  readonly findings: string[] = [];
  /** Services whose targets do not answer. */
  readonly downServices = new Set<number>();
  readonly #folder: string;
  readonly #shared: SharedDatabase;
  readonly #around: Around;
  /** As it is committed. */
  readonly #rows: DatabaseSync;
  readonly #holder: StatementSync;
  #started = 0;

  private constructor(folder: string, path: string, { cast, engines, random, broken }: WorldOptions) {
    this.#folder = folder;
    this.cast = cast;
    this.engines = engines;
    const { clock } = this;
    this.#shared = openSharedDatabase({ path, clock });
    this.#rows = new DatabaseSync(path, { readOnly: true });
    this.#holder = this.#rows.prepare("SELECT holder FROM wf_leases");
    this.agents = new RoamingAgents({
      clock,
      random,
      outage: this.outage,
      reachable: () => this.reachable,
      isUp: (serviceId) => !this.downServices.has(serviceId),
    });
    this.#around = {
      clock,
      engines,
      random,
      broken,
      rows: cast.owners.map((_owner, index) => serverOf(cast, index + 1)),
      shared: this.#shared,
      net: createLateNet(clock, random),
      troubles: this.said,
      send: (request, by) => this.#send(request, by),
      wrote: (write) => void this.writes.push(write),
      dispatched: ({ at, serverId, task }, outcome) => {
        if (task.type !== TASK.command) return;
        const command = { at, serverId, cronId: task.id, answer: "awaited", answeredAt: 0 } as const;
        void outcome.then((known) => this.commands.push({ ...command, outcome: known }));
      },
    };
    watchTerms(this);
  }

  static async open(options: WorldOptions): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), "windfire-world-"));
    const path = join(folder, "sqlite.db");
    await writeFile(path, await filledDatabase(options.cast));
    const world = new World(folder, path, options);
    for (let number = 0; number < options.count; number++) await world.start();
    return world;
  }

  /** One more replica. */
  async start(): Promise<void> {
    const name = (++this.#started).toString(16).padStart(12, "0");
    const replica = await openReplica(this.#around, name);
    this.replicas.push(replica);
    await replica.start();
  }

  /** Where a balancer sends agents: to those that say that they are ready. */
  get reachable(): readonly Replica[] {
    return this.replicas.filter((replica) => replica.isReady && replica.life.runs && !replica.line.isCut && !this.leaving.has(replica));
  }

  /** Whom nothing befalls at the moment. */
  get well(): readonly Replica[] {
    return this.reachable.filter(({ joined }) => !joined.isMute);
  }

  get judge(): Replica | undefined {
    return this.replicas.find(({ lease, life }) => life.runs && lease.held);
  }

  /** A row of somebody's, made at the first replica; its id. */
  async create(request: string, form: object, user: User = alice): Promise<number> {
    const answer = await this.replicas[0]?.call(session(user), request, form);
    if (!answer || "error" in answer) throw new Error(`${request}: ${answer?.error}`);
    await this.pass(10);
    return answer.data as number;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
  }

  secondsAt(time: number): number {
    return Math.round((time - BEGIN) / 1000);
  }

  async remove(): Promise<void> {
    for (const replica of this.replicas) replica.kill();
    this.#rows.close();
    await this.#shared.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #send(request: OutboundRequest, by: string): Promise<OutboundAnswer> {
    const holder = String(this.#holder.get()?.["holder"]);
    if (holder !== by) this.findings.push(`${by} sent something at ${this.secondsAt(this.clock.now())} s, and the judge was ${holder}`);
    return request.url.startsWith("http://h/") ? this.channels.send(request) : this.names.send(request);
  }
}
