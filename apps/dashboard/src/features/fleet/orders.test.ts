import { encodeHost } from "@windfire/protocol";
import { createFakeClock, sampleHost } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { LiveServer } from "#features/servers";
import type { Caller } from "#kernel";
import { createRouteCaller } from "#platform/http/testing";
import { createFleetBench, testServer } from "./testing/index.ts";
import { createAgentConfig, fleetRoutes } from "./index.ts";

const alice: Caller = { kind: "session", user: { id: 2, username: "alice", role: 1 }, sessionKey: "k", via: "header" };
const token: Caller = {
  kind: "token",
  user: { id: 2, username: "alice", role: 1 },
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set([1]),
};

function open() {
  const bench = createFleetBench([testServer({ id: 1, ownerId: 2 }), testServer({ id: 2, ownerId: 3 }), testServer({ id: 3, ownerId: 2 })]);
  const config = createAgentConfig({ clock: createFakeClock(), agents: bench.fleet.agents });
  return { bench, call: createRouteCaller(fleetRoutes({ servers: bench.servers, agents: bench.fleet.agents, config })) };
}

const DENIED = { error: "permission denied" };

/** Spec 11 sections 1.6 and 1.7, spec 60 section 2: foreign and unknown ids answer alike. */
test("a configuration of a foreign or unknown agent is not given, nor told apart", async () => {
  const { call } = open();
  expect(await call(alice, "GET /server/config/1")).toEqual({ data: null });
  expect([await call(alice, "GET /server/config/2"), await call(alice, "GET /server/config/9")]).toEqual([DENIED, DENIED]);
  expect([await call(token, "GET /server/config/3"), await call(token, "GET /server/config/9")]).toEqual([DENIED, DENIED]);
});

test("with one foreign or unknown id in the list no agent gets new settings", async () => {
  const { bench, call } = open();
  const agent = bench.connect(1);
  for (const servers of [[1, 2], [1, 9], [9], [1, 3, 2]])
    expect(await call(alice, "POST /server/config", { servers, config: "{}" })).toEqual(DENIED);
  expect(agent.call.received.items).toEqual([]);
  expect(await call(alice, "POST /server/config", { servers: [1, 3, 1], config: "{}" })).toEqual({ data: { success: [1], offline: [3] } });
});

test("an order that the host has said it does not permit is not sent, and counts as failed", async () => {
  const { bench, call } = open();
  const agents = [bench.connect(1), bench.connect(3)];
  const host = (names: readonly string[]) => encodeHost({ ...sampleHost(), rights: names.map((name) => ({ name, until: 0, only: [] })) });
  await bench.fleet.reportSystemInfo2(bench.servers.get(1) as LiveServer, host(["report", "config"]));
  await bench.fleet.reportSystemInfo2(bench.servers.get(3) as LiveServer, host(["report", "update"]));
  expect(await call(alice, "POST /server/config", { servers: [1, 3], config: "{}" })).toEqual({ data: { success: [1], failure: [3] } });
  expect(await call(alice, "POST /force-update/server", [1, 3])).toEqual({ data: { success: [3], failure: [1] } });
  expect(agents.map(({ call: { received } }) => received.items.length)).toEqual([1, 1]);
});
