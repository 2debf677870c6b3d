import { readFileSync } from "node:fs";
import { createFakeClock, unusedPort } from "@windfire/testkit";
import { expect, test } from "vitest";
import { openDashboardBench } from "./compose/testing/index.ts";

const page = readFileSync(new URL("../../../docs/recipes/add-a-job.md", import.meta.url), "utf8");

test("the page of jobs says of each where it runs, and knows no others", async () => {
  const clock = createFakeClock(Date.now());
  const bench = await openDashboardBench({ history: true, clock, port: await unusedPort() });
  await bench.dashboard.start();
  const admin = await bench.signIn("admin", "admin-password");
  const cron = { name: "c", task_type: 0, scheduler: "0 0 3 * * *", command: "true", servers: [], cover: 0, notification_group_id: 0 };
  const service = { name: "s", type: 3, target: "192.0.2.1:443", duration: 5, cover: 0, skip_servers: {}, notification_group_id: 0 };
  const backup = { every: "daily", at: "03:30", keep: 1, to_disk: true, to_s3: false, passphrase: "correct horse battery staple" };
  expect(await bench.call("POST", "/api/v1/cron", admin, cron)).toMatchObject({ success: true });
  expect(await bench.call("POST", "/api/v1/service", admin, service)).toMatchObject({ success: true });
  expect(await bench.call("PATCH", "/api/v1/backup", admin, backup)).toMatchObject({ success: true });
  await clock.advanceAsync(10_000);
  const written = [...page.matchAll(/^\| `([^`]+)` +\| (each|judge) +\| [^|]+ \|$/gm)].map(([, name, place]) => `${name}: ${place}`);
  const found = bench.dashboard.jobs().map(({ name, place }) => `${name.replace(/ \d+$/, " N")}: ${place}`);
  // Is over as soon as it found nothing to take over.
  expect([...new Set([...found, "old service history: judge"])].toSorted()).toEqual(written.toSorted());
  await bench.close();
}, 30_000);
