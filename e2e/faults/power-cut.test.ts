import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createApi } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import { openCrowd } from "./crowd.ts";

const AGENTS = 200;
const BACK_MS = 10_000;
/** What a crash may cost (docs/formats/history.md). */
const LOST_MS = 4_000;
const SLOT_MS = 30_000;

interface Point {
  readonly ts: number;
  readonly value: number;
}

test("killed under 200 agents, nothing acknowledged is lost and everybody is back within ten seconds", { timeout: 150_000 }, async () => {
  const dashboard = await openDashboard();
  const crowd = openCrowd(dashboard.target, dashboard.agentSecret, AGENTS);
  await expect.poll(crowd.connected, { timeout: 30_000 }).toBe(AGENTS);
  const api = await createApi(dashboard.base, ADMIN);
  const points = async (from: typeof api, id: number) =>
    (await from.get<{ data_points: Point[] }>(`/server/${id}/metrics?metric=uptime&period=1d`)).data_points;
  const servers = await api.get<{ id: number; uuid: string; name: string }[]>("/server");
  expect(servers).toHaveLength(AGENTS);
  const watched = servers.slice(0, 5).map(({ id }) => id);
  // One slot of the history has been complete for longer than what a crash may cost, and another one is being filled.
  const firstSlotEnd = async () => ((await points(api, watched[0] ?? 0))[0]?.ts ?? Infinity) + SLOT_MS;
  await expect.poll(async () => Date.now() - (await firstSlotEnd()), { timeout: 70_000, interval: 500 }).toBeGreaterThan(LOST_MS + 1_000);
  const before = new Map(await Promise.all(watched.map(async (id) => [id, await points(api, id)] as const)));

  await api.patch(`/server/${watched[0]}`, { name: "renamed at the last moment" });
  const killedAt = Date.now();
  await dashboard.kill();
  expect(integrity(join(dashboard.folder, "sqlite.db"))).toEqual(["ok"]);

  await dashboard.start();
  await expect.poll(crowd.connected, { timeout: BACK_MS, interval: 100 }).toBe(AGENTS);
  const again = await createApi(dashboard.base, ADMIN);
  const expected = servers.map(({ id, uuid, name }) => ({ id, uuid, name: id === watched[0] ? "renamed at the last moment" : name }));
  expect(pick(await again.get("/server"))).toEqual(pick(expected));
  for (const id of watched) {
    const after = await points(again, id);
    const complete = before.get(id)?.filter(({ ts }) => ts + SLOT_MS <= killedAt - LOST_MS) ?? [];
    expect(complete.length).toBeGreaterThan(0);
    expect(after).toEqual(expect.arrayContaining(complete));
    const lastKept = Math.floor((killedAt - LOST_MS) / SLOT_MS) * SLOT_MS;
    expect(after.map(({ ts }) => ts)).toContain(lastKept);
  }
  await crowd.leave();
  await dashboard.close();
});

function pick(servers: readonly { id: number; uuid: string; name: string }[]) {
  return servers.map(({ id, uuid, name }) => ({ id, uuid, name })).toSorted((a, b) => a.id - b.id);
}

/** Opens the file as the next dashboard will: what is in its log counts. */
function integrity(path: string): unknown[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare("PRAGMA integrity_check").all();
  database.close();
  return rows.map((row) => row["integrity_check"]);
}
