import { afterAll, beforeAll, expect, test } from "vitest";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench } from "./compose/testing/index.ts";

const FROM_PROXY = { "x-real-ip": "192.0.2.1" };
let bench: DashboardBench;
let admin: Record<string, string>;
beforeAll(async () => {
  bench = await openDashboardBench({ config: "web_real_ip_header: x-real-ip\nforce_auth: true\n" });
  const credentials = { username: "admin", password: "admin-password" };
  const { data } = await bench.call("POST", "/api/v1/login", { ...FROM_PROXY, "content-type": "application/json" }, credentials);
  admin = { ...FROM_PROXY, authorization: `Bearer ${(data as { token: string }).token}` };
}, 30_000);
afterAll(() => bench.close());

test("who watches over the process asks without the proxy's header and without an account, when all others may not", async () => {
  expect((await bench.call("GET", "/api/v1/server", {})).text).toContain("real ip header not found");
  const alive = await bench.call("GET", "/healthz", {});
  expect([alive.status, alive.text]).toEqual([200, '{"status":"alive"}']);
  // The bench answers without the program's own listener.
  const ready = await bench.call("GET", "/readyz", {});
  expect([ready.status, JSON.parse(ready.text)]).toEqual([
    503,
    {
      status: "not ready",
      checks: {
        database: { ok: true },
        history: { ok: true, reason: "switched off" },
        listener: { ok: false, reason: "not listening" },
      },
    },
  ]);
});

test("an administrator makes the log louder and quieter, with a line in the audit log", async () => {
  expect((await bench.call("GET", "/api/v1/log", admin)).data).toEqual({ level: "info", format: "json" });
  expect((await bench.call("PATCH", "/api/v1/log", admin, { level: "warn" })).data).toEqual({ level: "warn", format: "json" });
  expect((await bench.call("PATCH", "/api/v1/log", admin, { format: "text" })).data).toEqual({ level: "warn", format: "text" });
  expect((await bench.call("PATCH", "/api/v1/log", admin, { level: "loud" })).error).toContain("level");
  expect((await bench.call("GET", "/api/v1/audit?limit=5", admin)).text.split('"log.update"')).toHaveLength(3);
});
