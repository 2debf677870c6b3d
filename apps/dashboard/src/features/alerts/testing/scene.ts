import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import type { HostState } from "#features/servers";
import { serverStore } from "#features/servers";
import { stateWith } from "#features/servers/testing";
import type { Database } from "#platform/database";
import { createPreparedFiles, statement } from "#platform/database/testing";
import { admin, alice, session, startProcess } from "./process.ts";
import type { Process, World } from "./process.ts";

const BEGIN = Date.parse("2026-03-10T10:00:00Z");
const CALM: HostState = stateWith({ cpu: 10 });

/** Turns of the event loop in which all that is due is done. */
const MOST_TURNS = 5_000;

interface SceneOptions {
  /** Of the servers 1, 2, … */
  readonly owners?: readonly number[];
  readonly through?: World["through"];
}

/**
 * The rooms of alerts, incidents and notifications over a real database, with one channel in group 1. The agents say what the test says;
 * time stands still between.
 */
export class Scene {
  readonly world: World;
  readonly #path: string;
  readonly #remove: () => Promise<void>;
  readonly #streams = new WeakMap<object, number>();
  #process: Process;

  private constructor(world: World, process: Process, path: string, remove: () => Promise<void>) {
    this.world = world;
    this.#process = process;
    this.#path = path;
    this.#remove = remove;
  }

  static async open(options: SceneOptions = {}) {
    const { owners = [alice.id, alice.id], through = new Map() } = options;
    const clock = createFakeClock(BEGIN);
    const begin = clock.now();
    const directory = await mkdtemp(join(tmpdir(), "windfire-scene-"));
    const path = join(directory, "sqlite.db");
    await writeFile(path, await filledDatabase(owners));
    const world: World = {
      clock,
      through,
      receiver: 200,
      groups: new Map(),
      elsewhere: new Set(),
      ownersOfAll: new Set([0, admin.id]),
      online: new Set([1, 2]),
      taken: [],
      triggered: [],
      warnings: [],
      seconds: () => Math.round((clock.now() - begin) / 1000),
    };
    return new Scene(world, await startProcess(world, path), path, () => rm(directory, { recursive: true, force: true }));
  }

  /** The process that runs now. */
  get now(): Process {
    return this.#process;
  }

  /** What the receiver took: seconds since the beginning, and text. */
  get taken(): readonly string[] {
    return this.world.taken;
  }

  /** Server `id` reports what differs from a calm one. */
  report(id: number, over: Partial<HostState> = {}): void {
    const server = this.now.servers.get(id);
    if (!server) return;
    server.noteCall();
    const generation = this.#streams.get(server) ?? server.openStream();
    this.#streams.set(server, generation);
    server.applyState(generation, { ...CALM, ...over }, this.world.clock.now());
    this.now.alerts.onReport(server);
  }

  /** The connection of server `id` ends. */
  leave(id: number): void {
    const server = this.now.servers.get(id);
    const generation = server && this.#streams.get(server);
    if (!server || generation === undefined) return;
    server.closeStream(generation);
    this.#streams.delete(server);
  }

  /** Resolves when everything that is due was done. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      await new Promise(setImmediate);
      if (!(await this.#isBusy())) return;
    }
    throw new Error("still busy");
  }

  async #isBusy(): Promise<boolean> {
    const { alerts, outbox } = this.now;
    if (alerts.stats().waiting > 0) return true;
    const pending = (await outbox.find({ topic: "notification", states: ["waiting", "sending"] }, 100)).toReversed();
    if (pending.some(({ state }) => state === "sending")) return true;
    const first = pending.filter(({ lane }, index) => pending.findIndex((other) => other.lane === lane) === index);
    return first.some(({ nextTryAt }) => nextTryAt <= this.world.clock.now());
  }

  async pass(ms: number): Promise<void> {
    await this.world.clock.advanceAsync(ms);
    await this.quiet();
  }

  /** For so many seconds every 3 s all servers that are named report. */
  async play(forSeconds: number, says: Readonly<Record<number, Partial<HostState>>> = {}): Promise<void> {
    for (let passed = 0; passed < forSeconds; passed += 3) {
      for (const [id, over] of Object.entries(says)) this.report(Number(id), over);
      await this.pass(3000);
    }
  }

  async rule(over: object = {}, user = alice): Promise<number> {
    const rules = [{ type: "cpu", max: 50, duration: 3 }];
    const form = { name: "hot", enable: true, trigger_mode: 1, notification_group_id: 1, rules, ...over };
    const answer = await this.now.call(session(user), "POST /alert-rule", form);
    if ("error" in answer) throw new Error(answer.error);
    await this.quiet();
    return answer.data as number;
  }

  /** Server `id` becomes somebody else's, as at the end of a transfer. `database`: that of the process, or one that fails. */
  async handOver(id: number, ownerId: number, database = this.now.database): Promise<void> {
    await database.change(async (tx, changes) => {
      await serverStore.setOwner(tx, id, ownerId, this.world.clock.now());
      await this.now.alerts.cascades.movedServers(tx, [id], changes);
    });
    const server = this.now.servers.get(id);
    if (server === undefined) throw new Error(`there is no server ${id}`);
    const { reachedThrough: _parent, ...settings } = server.settings;
    this.now.servers.put({ ...settings, ownerId });
  }

  /** The process ends, in order or as if it were killed, and another one starts on what it left. */
  async restart({ killed = false, awayMs = 0 } = {}): Promise<void> {
    if (!killed) await this.now.alerts.stop();
    await this.now.outbox.stop();
    await this.now.database.close();
    this.world.clock.advance(awayMs);
    this.#process = await startProcess(this.world, this.#path);
  }

  incidents() {
    return this.now.database.kysely.selectFrom("wf_incidents").selectAll().orderBy("id").execute();
  }

  async remove(): Promise<void> {
    await this.now.alerts.stop();
    await this.now.outbox.stop();
    await this.now.database.close();
    await this.#remove();
  }
}

const filledDatabase = createPreparedFiles(BEGIN, (owners: readonly number[]) => owners.join(), fill);

async function fill(database: Database, owners: readonly number[]): Promise<void> {
  const time = "2025-01-01 00:00:00+00:00";
  const row = { created_at: time, updated_at: time, user_id: alice.id };
  const insert = statement(database, "INSERT INTO servers (id, name, uuid, user_id) VALUES (?, 's', ?, ?)");
  for (const [index, ownerId] of owners.entries()) await insert.run(index + 1, `u${index + 1}`, ownerId);
  const request = {
    request_method: 2,
    request_type: 1,
    request_header: "",
    request_body: "#NEZHA#",
    verify_tls: 1,
    format_metric_units: 0,
  };
  await database.kysely
    .insertInto("notifications")
    .values({ ...row, name: "c", url: "http://h/", ...request })
    .execute();
  await database.kysely
    .insertInto("notification_groups")
    .values({ ...row, name: "g" })
    .execute();
  await database.kysely
    .insertInto("notification_group_notifications")
    .values({ ...row, notification_group_id: 1, notification_id: 1 })
    .execute();
}
