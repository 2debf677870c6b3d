import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createLog } from "./index.ts";

function openLog(debug = false) {
  const lines: string[] = [];
  const log = createLog({ clock: createFakeClock(), destination: { write: (line) => lines.push(line) }, debug });
  return { log, lines };
}

test("a line is JSON with level, time and room; an announcement is plain text on one line", () => {
  const { log, lines } = openLog();
  log.child("fleet").warn("agent refused", { serverId: 7 });
  log.announce("Dashboard::START ON 127.0.0.1:8008\n");
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "warn",
    time: "2026-01-01T00:00:00.000Z",
    room: "fleet",
    serverId: 7,
    msg: "agent refused",
  });
  expect(lines[1]).toBe("NEZHA>> Dashboard::START ON 127.0.0.1:8008 \n");
});

test("debug lines are only written in debug mode", () => {
  const quiet = openLog();
  quiet.log.debug("statement");
  expect(quiet.lines).toEqual([]);
  const loud = openLog(true);
  loud.log.child("database").debug("statement");
  expect(loud.lines).toHaveLength(1);
});

test.each([
  ["a member of the details", { password: "hunter2hunter2" }],
  ["a nested member", { request: { headers: { Cookie: "nz-jwt=hunter2hunter2" } } }],
  ["a list under a secret name", { tokens: ["hunter2hunter2"] }],
  ["a query parameter in a text", { url: "https://example.com/hook?access_token=hunter2hunter2&x=1" }],
  ["the query of a URL", { url: new URL("https://example.com/hook?x=hunter2hunter2") }],
  ["an error message", { error: new Error("POST https://example.com/?token=hunter2hunter2 failed") }],
  ["the cause of an error", { error: new Error("failed", { cause: new Error("Bearer hunter2hunter2") }) }],
  ["an access token", { text: "presented nzp_hunter2hunter2" }],
])("no secret is written: %s", (_where, details) => {
  const { log, lines } = openLog();
  log.error("refused", details);
  expect(lines.join("")).toContain("refused");
  expect(lines.join("")).not.toContain("hunter2hunter2");
});

test("messages are censored too, numbers under secret names are not", () => {
  const { log, lines } = openLog();
  log.info("GET /api/v1/ws/server?token=hunter2", { tokenVersion: 3, tokens: 12 });
  expect(lines[0]).toContain("token=«secret»");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ tokenVersion: 3, tokens: 12 });
});
