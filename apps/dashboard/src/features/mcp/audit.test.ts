import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createAudit } from "./audit.ts";
import type { Audit, AuditEntry } from "./audit.ts";

const HOUR_MS = 3_600_000;
const entry: AuditEntry = {
  userId: 2,
  tokenId: 3,
  tool: "fs.read",
  serverId: 4,
  argsHash: "h",
  outcome: "ok",
  error: "",
  durationMs: 1.6,
  ip: "192.0.2.1",
  acts: false,
};
const names = () => ({
  audit: createAuditLog({ database: temporary.database, now: clock.now }),
  namesOf: () => ({ username: "ann", tokenName: "robot" }),
});

let clock = createFakeClock();
let temporary: TemporaryDatabase;
let audit: Audit;
const warnings: string[] = [];
beforeEach(async () => {
  clock = createFakeClock();
  temporary = await openTemporaryDatabase({ clock });
  warnings.length = 0;
  audit = createAudit({ ...names(), clock, database: temporary.database, log: { warn: (text) => warnings.push(text) } });
});
afterEach(async () => {
  await audit.stop();
  await temporary.remove();
});

const rows = async () => {
  await audit.stop();
  return temporary.database.kysely.selectFrom("mcp_audit_logs").selectAll().orderBy("id").execute();
};

test("a success has no error code; a failure's text is cut at whole characters within 512 bytes", async () => {
  audit.write(entry);
  audit.write({ ...entry, outcome: "agent_error", error: `x${"é".repeat(300)}` });
  expect(await rows()).toMatchObject([
    { outcome: "ok", error_code: "", error_msg: "", args_peek: "", duration_ms: 2 },
    { outcome: "agent_error", error_code: "agent_error", error_msg: `x${"é".repeat(255)}` },
  ]);
});

test("what acts on a server stands in the audit log too, with the token and without arguments", async () => {
  audit.write(entry);
  audit.write({ ...entry, tool: "server.exec", acts: true });
  await rows();
  const lines = await temporary.database.kysely.selectFrom("wf_audit").selectAll().execute();
  expect(lines).toMatchObject([
    { actor: "mcp", user_id: 2, username: "ann", token_id: 3, token_name: "robot", action: "mcp.server.exec", kind: "server", key: 4 },
  ]);
  expect(lines[0]?.fields).toBe('[{"field":"outcome","to":"ok"}]');
});

test("each source has five a minute, those without an address share one allowance", async () => {
  for (let count = 0; count < 7; count++) for (const source of ["a", "b", ""]) audit.writeSampled(source, entry);
  clock.advance(59_999);
  audit.writeSampled("a", entry);
  expect(await rows()).toHaveLength(15);
  expect(audit.counters.dropped).toBe(7);
  clock.advance(1);
  audit.writeSampled("a", entry);
  expect(await rows()).toHaveLength(16);
});

test("rows are kept for ninety days", async () => {
  audit.start();
  audit.write(entry);
  await clock.advanceAsync(89 * 24 * HOUR_MS);
  audit.write({ ...entry, tool: "fs.list" });
  expect(await rows()).toHaveLength(2);
  audit.start();
  await clock.advanceAsync(48 * HOUR_MS);
  expect((await rows()).map(({ tool }) => tool)).toEqual(["fs.list"]);
});

test("however many rows are too old or too many, one round takes them all", async () => {
  const { kysely } = temporary.database;
  const stored = (at: string, count: number) =>
    kysely
      .insertInto("mcp_audit_logs")
      .values(Array.from({ length: count }, () => ({ created_at: at, user_id: 1, token_id: 1, tool: "t", server_id: 1, outcome: "ok" })))
      .execute();
  for (let slice = 0; slice < 10; slice++) await stored("2000-01-01 00:00:00+00:00", 500);
  for (let slice = 0; slice < 10; slice++) await stored("2100-01-01 00:00:00+00:00", 500);
  audit = createAudit({ ...names(), clock, database: temporary.database, log: { warn: (text) => warnings.push(text) }, mostRows: 7 });
  audit.start();
  await clock.advanceAsync(HOUR_MS);
  const count = async () => (await kysely.selectFrom("mcp_audit_logs").select("id").execute()).length;
  await expect.poll(count).toBe(7);
});

test("what cannot be written is reported and delays nobody", async () => {
  await temporary.database.kysely.schema.dropTable("mcp_audit_logs").execute();
  audit.write(entry);
  await audit.stop();
  expect([warnings, audit.counters.failed]).toEqual([["mcp audit write failed"], 1]);
});
