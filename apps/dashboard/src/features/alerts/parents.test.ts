import { afterEach, expect, test } from "vitest";
import { alice, session } from "./testing/process.ts";
import { Scene } from "./testing/scene.ts";

let scene: Scene;
const ALL = { 1: {}, 2: {}, 3: {} };
const told = (): string[] => scene.taken.map((text) => text.replace(/^\d+ /, ""));
const timeline = async (id: number): Promise<unknown> => {
  const answer = await scene.now.call(session(alice), `GET /incident/${id}`);
  return "data" in answer ? answer.data : answer.error;
};
afterEach(() => scene.remove());

/** Servers 2 and 3 are reached through 1; of 2 and 3 a rule tells when they are away. */
async function fleet(): Promise<void> {
  scene = await Scene.open({
    owners: [alice.id, alice.id, alice.id],
    through: new Map([
      [2, 1],
      [3, 2],
    ]),
  });
  await scene.rule({ name: "away", rules: [{ type: "offline", duration: 3, cover: 0, ignore: { 1: true } }] });
  await scene.play(30, ALL);
}

const leave = (...ids: number[]): void => {
  for (const id of ids) scene.leave(id);
};

test("what is behind a parent that is down is recorded and not told, and is over untold", async () => {
  await fleet();
  leave(1, 2, 3);
  await scene.play(120);
  expect(await scene.incidents()).toMatchObject([
    { server_id: 2, held: "behind: s1", ended_at: 0 },
    { server_id: 3, ended_at: 0 },
  ]);
  expect(await timeline(1)).toMatchObject({
    held: "behind: s1",
    parent: { kind: "server", id: 1, name: "s1", state: "down" },
    timeline: [{ kind: "opened" }, { kind: "held", detail: { reason: "behind: s1" } }],
  });
  await scene.play(6, { 1: {} });
  await scene.play(60, ALL);
  expect((await scene.incidents()).map(({ outcome }) => outcome)).toEqual(["recovered", "recovered"]);
  expect(told()).toEqual([]);
});

test("what still fails after the parent's return is told, and its end", async () => {
  await fleet();
  leave(1, 2, 3);
  await scene.play(60);
  await scene.play(12, { 1: {}, 2: {} });
  expect(told()).toEqual([]);
  await scene.play(12, { 1: {}, 2: {} });
  expect(told()).toEqual(["[Incident] s3: away"]);
  expect(await timeline(2)).toMatchObject({ timeline: [{}, { kind: "held" }, { kind: "told" }] });
  await scene.play(12, ALL);
  expect(told()).toEqual(["[Incident] s3: away", "[Resolved] s3: away"]);
});

test("behind a parent that is there it is told as soon as the parent was heard of", async () => {
  await fleet();
  leave(3);
  await scene.play(30, { 1: {}, 2: {} });
  expect(told()).toEqual(["[Incident] s3: away"]);
});

test.each([false, true])("a restart in between forgets nothing (killed: %s)", async (killed) => {
  await fleet();
  leave(1, 2, 3);
  await scene.play(60);
  await scene.restart({ killed, awayMs: 5_000 });
  await scene.play(90);
  expect(told()).toEqual([]);
  await scene.restart({ killed });
  await scene.play(30, { 1: {} });
  expect(told()).toEqual([]);
  await scene.play(30, ALL);
  expect(told()).toEqual([]);
  expect((await scene.incidents()).every(({ outcome }) => outcome === "recovered")).toBe(true);
});

test("what still fails a minute after a restart is told", async () => {
  await fleet();
  leave(1, 2, 3);
  await scene.play(60);
  await scene.restart({ killed: true });
  await scene.play(90, { 1: {}, 2: {} });
  expect(told()).toEqual(["[Incident] s3: away"]);
});

test("a server that is handed over while its parent holds what fails: the former owner hears nothing more, and the incident is over", async () => {
  await fleet();
  leave(1, 2, 3);
  await scene.play(60);
  await scene.handOver(3, 77);
  expect(await scene.incidents()).toMatchObject([
    { server_id: 2, ended_at: 0 },
    { server_id: 3, outcome: "out-of-reach" },
  ]);
  await scene.play(60);
  await scene.play(60, { 1: {}, 2: {} });
  expect(told()).toEqual([]);
});
