import { afterEach, expect, test } from "vitest";
import { admin, alice, session } from "./testing/process.ts";
import { Scene } from "./testing/scene.ts";
import { statement } from "#platform/database/testing";

let scene: Scene;
const HOT = { cpu: 90 };
const outcomes = async (): Promise<string[]> => (await scene.incidents()).map(({ outcome }) => outcome || "open");
afterEach(() => scene.remove());

test("S2: raised once, cleared once, with the tasks of each, and both are told", async () => {
  scene = await Scene.open();
  const id = await scene.rule({ fail_trigger_tasks: [4, 5], recover_trigger_tasks: [6] });
  await scene.play(30, { 1: HOT, 2: {} });
  await scene.play(9, { 1: {}, 2: {} });
  expect(scene.taken).toEqual(["6 [Incident] s1: hot", "30 [Resolved] s1: hot"]);
  expect(scene.world.triggered).toEqual(["4,5 on 1", "6 on 1"]);
  expect(await scene.incidents()).toMatchObject([
    {
      source: "alert",
      source_id: id,
      server_id: 1,
      owner_id: alice.id,
      title: "hot",
      server_name: "s1",
      severity: "warning",
      outcome: "recovered",
    },
  ]);
});

test("the address is shown as the configuration says", async () => {
  scene = await Scene.open();
  await scene.rule();
  scene.now.servers.get(1)?.applyAddress({ ipv4: "192.0.2.1", ipv6: "2001:db8::1", countryCode: "" });
  await scene.play(9, { 1: HOT });
  expect(scene.taken).toEqual(["6 [Incident] s1 (masked 192.0.2.1/2001:db8::1): hot"]);
});

test.each([false, true])(
  "S6, S7: a restart in the middle repeats nothing, forgets nothing and tells the end (killed: %s)",
  async (killed) => {
    scene = await Scene.open();
    await scene.rule();
    await scene.play(12, { 1: HOT });
    await scene.restart({ killed, awayMs: 3_600_000 });
    await scene.play(12, { 1: HOT });
    expect(scene.taken).toEqual(["6 [Incident] s1: hot"]);
    await scene.restart({ killed });
    await scene.play(12, { 1: {} });
    expect(scene.taken.slice(1)).toEqual([expect.stringMatching(/\[Resolved\] s1: hot$/)]);
    expect(await outcomes()).toEqual(["recovered"]);
  },
);

test("S8, S9: a save begins anew: a new incident, and no end of the old one", async () => {
  scene = await Scene.open();
  const id = await scene.rule();
  await scene.play(12, { 1: HOT, 2: HOT });
  const form = { name: "hotter", enable: true, trigger_mode: 1, notification_group_id: 1, rules: [{ type: "cpu", max: 60, duration: 3 }] };
  expect(await scene.now.call(session(alice), `PATCH /alert-rule/${id}`, form)).toEqual({ data: id });
  await scene.play(12, { 1: HOT, 2: {} });
  expect(scene.taken.toSorted()).toEqual(["15 [Incident] s1: hotter", "6 [Incident] s1: hot", "6 [Incident] s2: hot"]);
  expect(await outcomes()).toEqual(["changed", "changed", "open"]);
});

const SAVED = { name: "hot", enable: true, trigger_mode: 1, notification_group_id: 1, rules: [{ type: "cpu", max: 50, duration: 3 }] };

test.each<[string, object, boolean]>([
  ["the same", {}, true],
  ["another name", { name: "hotter" }, true],
  ["another group, severity and tasks", { notification_group_id: 0, severity: "critical", recover_trigger_tasks: [7] }, true],
  ["an empty list of servers left out", { rules: [{ type: "cpu", max: 50, duration: 3, ignore: { "9": false } }] }, true],
  ["another mode that tells once", { trigger_mode: 2 }, true],
  ["another limit", { rules: [{ type: "cpu", max: 51, duration: 3 }] }, false],
  ["another window", { rules: [{ type: "cpu", max: 50, duration: 4 }] }, false],
  ["other servers", { rules: [{ type: "cpu", max: 50, duration: 3, ignore: { "2": true } }] }, false],
  ["one more condition", { rules: [...SAVED.rules, { type: "load1", max: 1, duration: 3 }] }, false],
  ["reminders", { trigger_mode: 0 }, false],
])("saved with keep_state and %s: what fails goes on = %s", async (_, over, goesOn) => {
  scene = await Scene.open();
  const id = await scene.rule();
  await scene.play(12, { 1: HOT, 2: HOT });
  const form = { ...SAVED, ...over, keep_state: true };
  expect(await scene.now.call(session(alice), `PATCH /alert-rule/${id}`, form)).toEqual({ data: id });
  expect(await outcomes()).toEqual(goesOn ? ["open", "open"] : ["changed", "changed"]);
  if (!goesOn) return;
  await scene.play(12, { 1: HOT, 2: {} });
  expect(await outcomes()).toEqual(["open", "recovered"]);
  const name = "name" in over ? "hotter" : "hot";
  expect(scene.taken.slice(2)).toEqual([expect.stringMatching(`\\[Resolved\\] s2: ${name}$`)]);
  expect(scene.world.triggered).toEqual("recover_trigger_tasks" in over ? ["7 on 2"] : []);
});

test("a group that a rule is given while it fails is told of what lasts, and of its end", async () => {
  scene = await Scene.open();
  const id = await scene.rule({ notification_group_id: 0 });
  await scene.play(12, { 1: HOT });
  expect(scene.taken).toEqual([]);
  expect(await scene.now.call(session(alice), `PATCH /alert-rule/${id}`, { ...SAVED, keep_state: true })).toEqual({ data: id });
  await scene.play(12, { 1: HOT });
  expect(scene.taken).toEqual([expect.stringMatching(/\[Incident\] s1: hot$/)]);
  await scene.play(12, { 1: {} });
  expect(await outcomes()).toEqual(["recovered"]);
  expect(scene.taken.slice(1)).toEqual([expect.stringMatching(/\[Resolved\] s1: hot$/)]);
});

test("what waits to be told of a rule that is judged as before goes on", async () => {
  scene = await Scene.open();
  const id = await scene.rule();
  scene.world.receiver = 503;
  await scene.play(12, { 1: HOT });
  const form = { ...SAVED, name: "renamed", keep_state: true };
  expect(await scene.now.call(session(alice), `PATCH /alert-rule/${id}`, form)).toEqual({ data: id });
  scene.world.receiver = 200;
  await scene.play(60, { 1: HOT });
  expect(scene.taken).toEqual([expect.stringMatching(/\[Incident\] s1: hot$/)]);
});

test("the newest report is the first observation after a save, unless it is old", async () => {
  scene = await Scene.open();
  scene.report(1, HOT);
  scene.report(2, HOT);
  await scene.world.clock.advanceAsync(3000);
  scene.report(2, HOT);
  await scene.world.clock.advanceAsync(4000);
  await scene.rule();
  scene.report(1, HOT);
  scene.report(2, HOT);
  await scene.play(3, { 1: HOT, 2: HOT });
  await scene.play(3, { 1: HOT, 2: HOT });
  expect(scene.taken).toEqual(["10 [Incident] s2: hot"]);
});

test.each<[string, string, object | number[], string]>([
  [
    "saved",
    "PATCH /alert-rule/1",
    { rules: [{ type: "cpu", max: 95, duration: 3 }], enable: true, name: "hot", notification_group_id: 1 },
    "changed",
  ],
  ["switched off", "PATCH /alert-rule/1", { rules: [{ type: "cpu", max: 50, duration: 3 }], name: "hot" }, "disabled"],
  ["deleted", "POST /batch-delete/alert-rule", [1], "deleted"],
])("what waits to be told of a rule that is %s is not told", async (_, route, body, outcome) => {
  scene = await Scene.open();
  await scene.rule({ fail_trigger_tasks: [4] });
  scene.world.receiver = 503;
  await scene.play(12, { 1: HOT });
  expect(await scene.now.call(session(alice), route, body)).toHaveProperty("data");
  scene.world.receiver = 200;
  await scene.play(60, { 1: HOT });
  expect(scene.taken).toEqual([]);
  expect(await outcomes()).toEqual([outcome]);
  expect(await scene.now.database.kysely.selectFrom("wf_audit").select("action").execute()).toHaveLength(2);
});

test("S11: with the server goes what waits to be told of it", async () => {
  scene = await Scene.open();
  await scene.rule();
  scene.world.receiver = 503;
  await scene.play(12, { 1: HOT, 2: HOT });
  await scene.now.database.change(async (tx, changes) => {
    changes.afterwards(() => scene.now.servers.remove([1]));
    await scene.now.incidents.cascades.servers(tx, [1], changes);
    await scene.now.alerts.cascades.servers(tx, [1], changes);
  });
  scene.world.receiver = 200;
  await scene.play(60, { 2: HOT });
  expect(scene.taken).toEqual([expect.stringContaining("s2")]);
  expect(await outcomes()).toEqual(["server-deleted", "open"]);
});

test("what a rule does not reach any more it does not judge, and what failed there ends untold", async () => {
  scene = await Scene.open({ owners: [alice.id, 3] });
  scene.world.ownersOfAll.add(alice.id);
  await scene.rule();
  await scene.play(12, { 1: HOT, 2: HOT });
  scene.world.ownersOfAll.delete(alice.id);
  await scene.play(12, { 1: HOT, 2: {} });
  await scene.play(30, { 1: {}, 2: HOT });
  expect(scene.taken.filter((text) => text.includes("s2"))).toEqual(["6 [Incident] s2: hot"]);
  expect((await outcomes()).toSorted()).toEqual(["out-of-reach", "recovered"]);
});

test("S10: four changes within a minute are four messages in their order", async () => {
  scene = await Scene.open();
  await scene.rule();
  for (const cpu of [90, 10, 90, 10]) await scene.play(12, { 1: { cpu } });
  expect(scene.taken.map((text) => text.replace(/^\d+ /, ""))).toEqual([
    "[Incident] s1: hot",
    "[Resolved] s1: hot",
    "[Incident] s1: hot",
    "[Resolved] s1: hot",
  ]);
});

test("S3, S12: it is told again while it lasts, also when the agent is gone, and not once it is over", async () => {
  scene = await Scene.open();
  await scene.rule({ trigger_mode: 0, fail_trigger_tasks: [4] });
  await scene.play(9, { 1: HOT });
  const minutes = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count * 2; minute++) {
      await scene.pass(30_000);
    }
  };
  await minutes(120);
  const at = scene.taken.map((text) => Math.round(Number(text.split(" ")[0]) / 60));
  expect(at).toEqual([0, 15, 45, 105]);
  expect(scene.world.triggered).toEqual(["4 on 1"]);
  await scene.play(12, { 1: {} });
  await minutes(300);
  expect(scene.taken).toHaveLength(5);
  expect(scene.taken.at(-1)).toContain("Resolved");
});

test("A7, A40: a server that falls silent is neither raised nor cleared by its figures", async () => {
  scene = await Scene.open();
  await scene.rule({ rules: [{ type: "cpu", max: 50, duration: 3 }] });
  scene.report(1, HOT);
  await scene.play(60);
  expect(scene.taken).toEqual([]);
  await scene.play(12, { 1: HOT });
  await scene.play(60);
  expect(scene.taken).toHaveLength(1);
});

const OFFLINE = { rules: [{ type: "offline", duration: 3 }] };

test("away: raised after a window of looks, cleared by one, and the first minute after a start says nothing of who never called", async () => {
  scene = await Scene.open();
  await scene.rule(OFFLINE);
  await scene.play(30, { 1: {} });
  expect(scene.taken).toEqual([]);
  await scene.play(45, { 1: {} });
  expect(scene.taken).toEqual(["67 [Incident] s2: hot"]);
  scene.leave(1);
  await scene.play(15);
  await scene.play(6, { 1: {} });
  expect(scene.taken.slice(1).map((text) => text.replace(/^\d+ /, ""))).toEqual(["[Incident] s1: hot", "[Resolved] s1: hot"]);
});

test("a dashboard that was down for an hour calls nobody away who comes back", async () => {
  scene = await Scene.open();
  await scene.rule(OFFLINE);
  await scene.play(60, { 1: {}, 2: {} });
  await scene.restart({ killed: true, awayMs: 3_600_000 });
  await scene.play(45);
  await scene.play(60, { 1: {}, 2: {} });
  expect(scene.taken).toEqual([]);
});

test("rules of others are not judged on a server, and those that do not cover it neither", async () => {
  scene = await Scene.open({ owners: [alice.id, 3] });
  await scene.rule({ name: "mine" });
  await scene.rule({ name: "all" }, admin);
  await scene.rule({ name: "not 2", rules: [{ type: "cpu", max: 50, duration: 3, ignore: { 2: true } }] }, admin);
  await scene.rule({ name: "only 2", rules: [{ type: "cpu", max: 50, duration: 3, cover: 1, ignore: { 2: true, 1: false } }] }, admin);
  await scene.rule({ name: "off", enable: false });
  await scene.play(12, { 1: HOT, 2: HOT });
  const told = scene.taken.map((text) => text.replace(/^.*\] /, "")).toSorted();
  expect(told).toEqual(["s1: all", "s1: mine", "s1: not 2", "s2: all", "s2: only 2"]);
});

test("a stored rule that is not valid is never judged, is told of once, and its good cycle is still shown", async () => {
  scene = await Scene.open();
  const cycle = {
    type: "transfer_out_cycle",
    max: 50,
    cycle_start: "2026-03-10T10:00:00Z",
    cycle_interval: 1,
    cycle_unit: "hour",
    cover: 0,
  };
  const stored = JSON.stringify([{ type: "unknown_type", duration: 3, cover: 0 }, cycle]);
  await scene.rule();
  await statement(scene.now.database, "UPDATE alert_rules SET rules_raw = ?").run(stored);
  await traffic(60);
  await scene.restart();
  await scene.play(15, { 1: HOT });
  expect(scene.taken).toEqual([]);
  expect(scene.world.warnings.filter((text) => text.includes("not valid"))).toHaveLength(1);
  expect(scene.now.alerts.cycleTransferStats(session(alice))).toMatchObject({ 1: { transfer: { 1: 60 } } });
});

async function traffic(out: number): Promise<void> {
  const row = { created_at: "2026-03-10 10:00:00+00:00", updated_at: "", user_id: 0, server_id: 1, in: 0, out };
  await scene.now.database.kysely.insertInto("transfers").values(row).execute();
}

test("Y10, Y11: a server that is away is shown and not judged; its first report is", async () => {
  scene = await Scene.open();
  await traffic(60);
  const cycle = { type: "transfer_out_cycle", max: 50, cycle_start: "2026-03-10T10:00:00Z", cycle_interval: 1, cycle_unit: "hour" };
  await scene.rule({ rules: [cycle] });
  await scene.restart();
  await scene.play(30);
  expect(scene.now.alerts.cycleTransferStats(session(alice))).toMatchObject({ 1: { transfer: { 1: 60 } } });
  expect(scene.taken).toEqual([]);
  scene.report(1);
  await scene.play(3);
  expect(scene.taken).toEqual(["30 [Incident] s1: hot"]);
});

test("A10: a cycle and a figure fail together, every report counting while traffic is read", async () => {
  scene = await Scene.open();
  await traffic(150);
  const cycle = { type: "transfer_out_cycle", max: 100, cycle_start: "2026-03-10T10:00:00Z", cycle_interval: 1, cycle_unit: "hour" };
  await scene.rule({ rules: [cycle, { type: "cpu", max: 50, duration: 3 }] });
  await scene.play(9, { 1: HOT });
  expect(scene.taken).toEqual(["6 [Incident] s1: hot"]);
});
