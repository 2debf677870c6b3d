import { afterEach, beforeEach, expect, test } from "vitest";
import type { HostRights, Permit, Right } from "../gate/index.ts";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { createTestAgent } from "../testing/test-agent.ts";
import type { TestAgent } from "../testing/test-agent.ts";

let dashboard: FakeDashboard;
let agent: TestAgent;

beforeEach(async () => {
  dashboard = await startFakeDashboard();
});
afterEach(async () => {
  await agent.stop();
  await dashboard.close();
});

function start(hostRights: HostRights): void {
  agent = createTestAgent({ server: dashboard.address, hostRights });
  agent.link.start();
}
const host = async () => (await dashboard.next("Host")).message.rights;
const pass = async (): Promise<void> => {
  await agent.clock.advanceAsync(3_000);
  await dashboard.next("State");
};

test.each([undefined, "", "something-else"])("a dashboard whose features are %j is told nothing of rights", async (features) => {
  dashboard.features = features;
  start({ kind: "official" });
  expect(await host()).toEqual([]);
  expect(await host()).toEqual([]);
});

test("one that knows of rights is told them, and again when they change", async () => {
  dashboard.features = "late-data, rights";
  const permits = new Map<Right, Permit>([
    ["report", {}],
    ["files", { only: ["/srv"], until: 9_999_999_999 }],
  ]);
  start({ kind: "own", permits });
  expect(await host()).toEqual([]);
  expect(await host()).toEqual([
    { name: "report", until: 0, only: [] },
    { name: "files", until: 9_999_999_999, only: ["/srv"] },
  ]);
  await dashboard.next("State");
  await pass();
  await pass();
  expect(dashboard.heard.filter((one) => one.kind === "Host")).toHaveLength(2);
  permits.delete("files");
  await pass();
  expect(await host()).toEqual([{ name: "report", until: 0, only: [] }]);
});

test("a connection that begins anew tells them again, within the ten minutes too", async () => {
  dashboard.features = "rights";
  start({ kind: "official" });
  expect(await host()).toEqual([]);
  expect(await host()).not.toEqual([]);
  dashboard.cut();
  await dashboard.next("disconnect");
  await expect.poll(() => agent.log.some((line) => line.includes("next attempt"))).toBe(true);
  await agent.clock.advanceAsync(1_000);
  expect(await host()).toEqual([]);
  expect(await host()).not.toEqual([]);
});
