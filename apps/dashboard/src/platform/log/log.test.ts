import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createLog } from "./index.ts";
import type { LogFormat, LogLevel } from "./index.ts";

function openLog(level: LogLevel = "info", format: LogFormat = "json") {
  const lines: string[] = [];
  const log = createLog({ clock: createFakeClock(), destination: { write: (line) => lines.push(line) }, level, format });
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
  const loud = openLog("debug");
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

test("as text a line has time, level, room, text and details, and nothing that came from elsewhere begins another", () => {
  const { log, lines } = openLog("info", "text");
  log
    .child("fleet")
    .warn("agent refused\n2026 INFO  forged", { serverId: 7, why: "no such server", host: "a.example.com", password: "hunter2" });
  log.error("failed", { error: new Error("x?token=hunter2") });
  expect(lines[0]).toBe(
    '2026-01-01T00:00:00.000Z WARN  fleet: agent refused 2026 INFO  forged serverId=7 why="no such server" host=a.example.com password="«secret»"\n',
  );
  expect(lines[1]).toMatch(/^2026-01-01T00:00:00\.000Z ERROR failed error=\{.*\}\n$/);
  expect(lines.join("")).not.toContain("hunter2");
});

test("level and format change while the program runs, also for rooms that have their log already", () => {
  const { log, lines } = openLog("warn");
  const room = log.child("fleet");
  room.info("unheard");
  log.change({ level: "debug", format: "text" });
  room.debug("heard");
  expect(log.settings).toEqual({ level: "debug", format: "text" });
  log.change({ level: "error" });
  room.warn("unheard again");
  expect(lines).toEqual(["2026-01-01T00:00:00.000Z DEBUG fleet: heard\n"]);
});
