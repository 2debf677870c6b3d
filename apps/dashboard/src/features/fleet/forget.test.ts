import { expect, test } from "vitest";
import { createFleetBench, testCall, testServer } from "./testing/index.ts";

test("who waits for the agent of a deleted server is told once that it is gone", () => {
  const gone: number[] = [];
  const { fleet, connect } = createFleetBench([testServer({ id: 1 }), testServer({ id: 2 })], { onOffline: (id) => void gone.push(id) });
  connect(1);
  fleet.forget([1, 2]);
  expect(gone).toEqual([1]);
  expect(fleet.isOnline(1)).toBe(false);
});

test("an agent whose server is deleted while it signs in gets no stream", async () => {
  const { fleet, servers } = createFleetBench([testServer({ id: 1 })]);
  const server = servers.get(1);
  if (!server) throw new Error("no server");
  servers.remove([1]);
  const tasks = testCall();
  fleet.requestTask(server, tasks.stream);
  expect(await tasks.ended).toEqual({ code: 0, text: "" });
  expect(fleet.tasksOnline).toBe(0);
  const states = testCall();
  fleet.reportSystemState(server, states.stream);
  expect(await states.ended).toEqual({ code: 2, text: "server not found" });
});
