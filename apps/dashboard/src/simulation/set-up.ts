import { admin, alice, bob } from "./cast.ts";
import { DOMAINS, profileForm } from "./name-service.ts";
import type { Random } from "./random.ts";
import type { Scene } from "./scene.ts";

/** Where it is made. */
export type Place = Pick<Scene, "create" | "engines">;

/** Crons, in the order in which they are made: those that alerts and services start, and those with a schedule. */
export const MEND = 1;
export const MENDED = 2;
export const TICK = { id: 3, everyMs: 30_000, servers: [1, 2] };
export const SWEEP = { id: 4, everyMs: 60_000, servers: [2, 3, 4] };

/** Services that are made after the first: one that is reached through server 1, and one of Bob. */
export const BEHIND = 2;
export const WEB_OF_BOB = 3;

/** Seconds of absence that a rule tells of. */
const AWAY_FOR = 3;

/** Makes what people have made before a run begins. `random` decides about alerts, `more` about everything else. */
export async function setUp(scene: Place, random: Random, more: Random, awayFor = AWAY_FOR): Promise<void> {
  const { engines } = scene;
  if (engines.crons || engines.services) await makeCrons(scene, more);
  const tasks = engines.crons ? { fail_trigger_tasks: [MEND], recover_trigger_tasks: [MENDED] } : {};
  const rule = { enable: true, trigger_mode: 1, notification_group_id: 1 };
  const hot = { name: "hot of alice", trigger_mode: random(2), rules: [{ type: "cpu", max: 50, duration: 3 + random(3) }], ...tasks };
  await scene.create("POST /alert-rule", { ...rule, ...hot });
  await scene.create("POST /alert-rule", { ...rule, name: "away of alice", rules: [{ type: "offline", duration: awayFor }], ...tasks });
  if (engines.owners) {
    const rules = [{ type: "cpu", max: 50, duration: 6 }];
    await scene.create("POST /alert-rule", { ...rule, name: "hot of bob", notification_group_id: 2, rules }, bob);
    await scene.create("POST /alert-rule", { ...rule, name: "hot of admin", notification_group_id: 3, rules }, admin);
  }
  if (engines.services) await makeServices(scene, more);
  if (engines.names)
    for (const [index] of DOMAINS.entries()) await scene.create("POST /ddns", profileForm(index + 1), index === 2 ? bob : alice);
}

async function makeCrons(scene: Place, more: Random): Promise<void> {
  const cron = { command: "x", notification_group_id: 1, push_successful: more(2) === 0 };
  const triggered = { ...cron, task_type: 1, scheduler: "", cover: 2, servers: [] };
  await scene.create("POST /cron", { ...triggered, name: "mend of alice" });
  await scene.create("POST /cron", { ...triggered, name: "mended of alice" });
  if (!scene.engines.crons) return;
  const tick = { ...cron, name: "tick of alice", task_type: 0, scheduler: "*/30 * * * * *", cover: 0, servers: TICK.servers };
  await scene.create("POST /cron", tick);
  if (!scene.engines.owners) return;
  const sweep = {
    ...cron,
    name: "sweep of admin",
    task_type: 0,
    scheduler: "0 * * * * *",
    cover: 1,
    servers: [1],
    notification_group_id: 3,
  };
  await scene.create("POST /cron", sweep, admin);
}

async function makeServices(scene: Place, more: Random): Promise<void> {
  const service = { type: 2, target: "192.0.2.1", notify: true, notification_group_id: 1, cover: 0, skip_servers: {} };
  const tasks = { enable_trigger_task: true, fail_trigger_tasks: [MEND], recover_trigger_tasks: [MENDED] };
  const quorum = more(2) === 0 ? { count: 1 + more(2) } : { percent: 50 };
  await scene.create("POST /service", { ...service, ...tasks, name: "web of alice", duration: 5 + more(6), quorum, retries: more(2) });
  const behind = { name: "behind of alice", duration: 8, quorum: { count: 1 }, reached_through: { kind: "server", id: 1 } };
  await scene.create("POST /service", { ...service, ...behind, skip_servers: { "1": true } });
  if (!scene.engines.owners) return;
  const his = { ...service, name: "web of bob", duration: 6, quorum: { count: 1 }, notification_group_id: 2 };
  await scene.create("POST /service", his, bob);
}
