import { afterEach, expect, test } from "vitest";
import { mortalDatabase } from "#platform/database/testing";
import { admin, alice } from "./testing/process.ts";
import { Scene } from "./testing/scene.ts";

const BOB = 77;
const HOT = { cpu: 95 };

let scene: Scene;
afterEach(() => scene.remove());

const told = (): string[] => scene.taken.map((text) => text.replace(/^\d+ /, ""));
const outcomes = async (): Promise<string[]> => (await scene.incidents()).map(({ outcome }) => outcome);
const messages = async () =>
  (await scene.now.outbox.find({ topic: "notification" }, 9)).toReversed().map(({ kind, state }) => `${kind} ${state}`);

/** Alice was told that her server fails; that it recovered waits for her receiver. */
async function waitingRecovery(): Promise<void> {
  scene = await Scene.open();
  await scene.rule();
  await scene.play(12, { 1: HOT });
  scene.world.receiver = 503;
  await scene.play(12, { 1: {} });
  expect(await messages()).toEqual(["incident sent", "recovery waiting"]);
}

test("a recovery that waits when its server is handed over is told to nobody", async () => {
  await waitingRecovery();
  await scene.handOver(1, BOB);
  expect(await messages()).toEqual(["incident sent", "recovery cancelled"]);
  scene.world.receiver = 200;
  await scene.play(90, { 1: {} });
  expect(told()).toEqual(["[Incident] s1: hot"]);
});

test("a process that dies at any call of the hand-over leaves it undone with its message waiting, or done", async () => {
  await waitingRecovery();
  const ends: string[] = [];
  while (ends.at(-1) !== `${BOB} recovery cancelled`) {
    let left = ends.length;
    const dying = mortalDatabase(scene.now.database, () => {
      if (left-- <= 0) throw new Error("killed");
    });
    await expect(scene.handOver(1, BOB, dying)).rejects.toThrow("killed");
    await scene.restart({ killed: true });
    ends.push(`${scene.now.servers.get(1)?.settings.ownerId} ${(await messages())[1]}`);
  }
  expect(ends.slice(0, -1)).toEqual(ends.slice(1).map(() => `${alice.id} recovery waiting`));
  scene.world.receiver = 200;
  await scene.play(90, { 1: {} });
  expect(told()).toEqual(["[Incident] s1: hot"]);
});

test("a server that is handed over and back between two looks fails anew", async () => {
  scene = await Scene.open();
  await scene.rule();
  await scene.play(12, { 1: HOT });
  await scene.handOver(1, BOB);
  await scene.handOver(1, alice.id);
  await scene.play(12, { 1: HOT });
  await scene.play(12, { 1: {} });
  expect(await outcomes()).toEqual(["out-of-reach", "recovered"]);
  expect(told()).toEqual(["[Incident] s1: hot", "[Incident] s1: hot", "[Resolved] s1: hot"]);
});

test("with the rights of an administrator ends what their rules found on servers of others, and what waits to be told of it", async () => {
  scene = await Scene.open({ owners: [alice.id, admin.id, alice.id] });
  await scene.rule({}, admin);
  await scene.play(12, { 1: HOT, 2: HOT, 3: HOT });
  scene.world.receiver = 503;
  await scene.play(12, { 1: HOT, 2: HOT, 3: {} });
  const { alerts, database } = scene.now;
  await database.change((tx, changes) => alerts.cascades.demotedUsers(tx, [admin.id], changes));
  expect(await outcomes()).toEqual(["out-of-reach", "", "recovered"]);
  expect(await messages()).toEqual(["incident sent", "incident sent", "incident sent", "recovery cancelled"]);
});

test("a right that comes back at once finds what fails anew", async () => {
  scene = await Scene.open({ owners: [alice.id] });
  await scene.rule({}, admin);
  await scene.play(12, { 1: HOT });
  scene.world.ownersOfAll.delete(admin.id);
  await scene.play(3, { 1: HOT });
  expect(await outcomes()).toEqual(["out-of-reach"]);
  scene.world.ownersOfAll.add(admin.id);
  await scene.play(12, { 1: HOT });
  await scene.play(12, { 1: {} });
  expect(await outcomes()).toEqual(["out-of-reach", "recovered"]);
});

test("with the rights of an administrator a rule loses the group of somebody else, and what it found goes on untold", async () => {
  scene = await Scene.open({ owners: [admin.id] });
  const id = await scene.rule({}, admin);
  scene.world.receiver = 503;
  await scene.play(12, { 1: HOT });
  expect(await messages()).toEqual(["incident waiting"]);
  scene.world.ownersOfAll.delete(admin.id);
  const { alerts, database } = scene.now;
  await database.change((tx, changes) => alerts.cascades.demotedUsers(tx, [admin.id], changes));
  expect(alerts.directory.get(id)?.notificationGroupId).toBe(0);
  expect(await messages()).toEqual(["incident cancelled"]);
  scene.world.receiver = 200;
  await scene.play(12, { 1: HOT });
  await scene.play(90, { 1: {} });
  expect(await outcomes()).toEqual(["recovered"]);
  expect(told()).toEqual([]);
});

test("a stored rule that names the group of somebody else tells it nothing", async () => {
  scene = await Scene.open({ owners: [admin.id] });
  await scene.rule({}, admin);
  await scene.play(12, { 1: HOT });
  expect(told()).toEqual(["[Incident] s1: hot"]);
  scene.world.ownersOfAll.delete(admin.id);
  await scene.play(12, { 1: {} });
  await scene.play(12, { 1: HOT });
  expect(await outcomes()).toEqual(["recovered", ""]);
  expect(told()).toEqual(["[Incident] s1: hot"]);
});

test("what was found here and could not be written before another process had the server is left to that one", async () => {
  scene = await Scene.open();
  await scene.rule();
  scene.world.elsewhere.add(1);
  await scene.play(12, { 1: HOT });
  expect([await outcomes(), told()]).toEqual([[], []]);
  scene.world.elsewhere.delete(1);
  await scene.play(12, { 1: HOT });
  expect([await outcomes(), told()]).toEqual([[""], ["[Incident] s1: hot"]]);
});
