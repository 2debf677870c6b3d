import { expect, test } from "vitest";
import { encodeState } from "@windfire/protocol";
import { createFleetBench, testCall, testServer } from "./testing/index.ts";

test("who waits for the agent of a deleted server is told once that it is gone", async () => {
  const gone: number[] = [];
  const { fleet, connect, servers } = createFleetBench([testServer({ id: 1 }), testServer({ id: 2 })], {
    onOffline: (id) => void gone.push(id),
  });
  connect(1);
  servers.remove([1, 2]);
  expect(gone).toEqual([1]);
  expect(await fleet.agents.where(1)).toBe("offline");
});

test("a server that changes hands loses its relay streams and keeps its agent; a saved one loses nothing", async () => {
  const { fleet, streams, connect, servers } = createFleetBench([testServer({ id: 1, ownerId: 2 })]);
  connect(1);
  streams.create({ purpose: "terminal", creatorId: 2, serverId: 1 });
  servers.put(testServer({ id: 1, ownerId: 2, name: "renamed" }));
  expect(streams.size).toBe(1);
  servers.put(testServer({ id: 1, ownerId: 3 }));
  expect([streams.size, await fleet.agents.where(1)]).toEqual([0, "here"]);
});

test("an agent whose server is deleted while it signs in gets no stream", async () => {
  const { fleet, servers } = createFleetBench([testServer({ id: 1 })]);
  const server = servers.get(1);
  if (!server) throw new Error("no server");
  servers.remove([1]);
  const tasks = testCall();
  fleet.requestTask(server, tasks.stream);
  expect(await tasks.ended).toEqual({ code: 0, text: "" });
  expect(await fleet.agents.where(1)).toBe("offline");
  const states = testCall();
  fleet.reportSystemState(server, states.stream);
  expect(await states.ended).toEqual({ code: 2, text: "server not found" });
});

test("an agent that is cut off loses every stream, and its server stays", async () => {
  const gone: number[] = [];
  const { fleet, streams, connect, openIo, servers } = createFleetBench([testServer({ id: 1 }), testServer({ id: 2 })], {
    onOffline: (id) => void gone.push(id),
  });
  const [agent, other] = [connect(1), connect(2)];
  const [states, otherStates] = [testCall(), testCall()];
  for (const [id, call] of [
    [1, states],
    [2, otherStates],
  ] as const) {
    const server = servers.get(id);
    if (server) fleet.reportSystemState(server, call.stream);
  }
  const stream = streams.create({ purpose: "terminal", creatorId: 1, serverId: 1 });
  if ("refused" in stream) throw new Error(stream.refused);
  const io = openIo(1, stream.id);
  fleet.cut([1]);
  await Promise.all([agent.call.ended, states.ended, io.call.ended]);
  expect([gone, await fleet.agents.where(1), streams.size, servers.size]).toEqual([[1], "offline", 0, 2]);
  states.say(encodeState({}));
  expect(servers.get(1)?.state).toEqual(servers.get(2)?.state);
  expect(await fleet.agents.where(2)).toBe("here");
  expect(other.call.stream.send(Buffer.from([]))).toBe("sent");
  otherStates.say(encodeState({ cpu: 5 }));
  expect(servers.get(2)?.state?.cpu).toBe(5);
});
