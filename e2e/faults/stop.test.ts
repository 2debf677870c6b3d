import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { systemClock } from "@windfire/kit";
import { expect, test } from "vitest";
import { startDashboard } from "../../tools/start/dashboard.ts";
import { openDashboard } from "../dashboard.ts";
import { openCrowd } from "./crowd.ts";
import { openViewers } from "./viewers.ts";

const AGENTS = 200;
const VIEWERS = 20;
const STOP_MS = 5_000;

test("a signal ends it in order within five seconds, with agents reporting and viewers looking", async () => {
  const dashboard = await openDashboard();
  const crowd = openCrowd(dashboard.target, dashboard.agentSecret, AGENTS);
  const viewers = openViewers(dashboard.base, VIEWERS);
  await expect.poll(crowd.connected, { timeout: 30_000 }).toBe(AGENTS);
  await expect.poll(viewers.watching).toBe(VIEWERS);
  const began = performance.now();
  const end = await dashboard.stop();
  const took = performance.now() - began;
  expect(end).toEqual({ kind: "exit", code: 0 });
  expect(took).toBeLessThan(STOP_MS);
  expect(dashboard.output()).toContain("Graceful::END");
  await expect.poll(viewers.closed).toEqual(Array.from({ length: VIEWERS }, () => 1001));
  viewers.leave();
  await crowd.leave();
  await dashboard.close();
});

test("signals that come while it stops change nothing", async () => {
  const dashboard = await openDashboard();
  const crowd = openCrowd(dashboard.target, dashboard.agentSecret, 1);
  await expect.poll(crowd.connected, { timeout: 30_000 }).toBe(1);
  const pid = dashboard.pid();
  const end = dashboard.stop();
  await expect.poll(dashboard.output).toContain("Graceful::START");
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.kill(pid, signal);
  expect(await end).toEqual({ kind: "exit", code: 0 });
  expect(dashboard.output()).toContain("Graceful::END");
  await crowd.leave();
  await dashboard.close();
});

test("a second dashboard on the same folder is refused, says why, and harms nobody", async () => {
  const dashboard = await openDashboard();
  const printed = new PassThrough();
  const lines: string[] = [];
  printed.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  const file = fileURLToPath(new URL("../../apps/dashboard/src/main.ts", import.meta.url));
  const second = startDashboard({ clock: systemClock, output: printed, errors: printed, env: process.env, file }, dashboard.folder);
  expect(await second.program.ended).toEqual({ kind: "exit", code: 1 });
  expect(lines.join("")).toMatch(/another dashboard is running on .*sqlite\.db/);
  expect((await fetch(`${dashboard.base}/api/v1/setting`)).status).toBe(200);
  await dashboard.close();
});
