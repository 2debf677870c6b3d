import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createConditions } from "./conditions.ts";
import { LiveServer } from "./live-server.ts";
import { hostWith, stateWith, testSettings } from "./testing/samples.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

function open(seen?: number) {
  const clock = createFakeClock(START);
  const server = new LiveServer(testSettings);
  server.applyHost(hostWith({ memTotal: 100, diskTotal: 1000 }), "first");
  const conditions = createConditions({ now: clock.now, monotonic: () => clock.monotonic(), lastSeen: () => seen });
  const stream = server.openStream();
  const report = (over: Parameters<typeof stateWith>[0] = {}) => server.applyState(stream, stateWith(over), clock.now());
  const shown = (): unknown => JSON.parse(`{${conditions.members(server).join()}}`);
  return { clock, server, conditions, report, shown, leave: () => server.closeStream(stream) };
}

test("nobody is up before they reported: known servers wait for a minute and are offline then, with when they were seen", () => {
  const { clock, conditions, server, shown, report } = open(START - 5_000);
  expect(shown()).toEqual({ condition: "waiting", last_seen: "2025-12-31T23:59:55Z" });
  clock.advance(59_999);
  expect(conditions.of(server)).toBe("waiting");
  clock.advance(1);
  expect(shown()).toEqual({ condition: "offline", last_seen: "2025-12-31T23:59:55Z" });
  report();
  expect(shown()).toEqual({ condition: "up" });
});

test("a server that was never seen waits for its first report, however long", () => {
  const { clock, shown } = open();
  clock.advance(3_600_000);
  expect(shown()).toEqual({ condition: "waiting" });
});

test("offline is no report for 30 s; a connection that is gone for a moment is not", () => {
  const { clock, report, leave, shown } = open();
  report();
  leave();
  clock.advance(30_000);
  expect(shown()).toEqual({ condition: "up", last_seen: "2026-01-01T00:00:00Z" });
  clock.advance(1);
  expect(shown()).toEqual({ condition: "offline", last_seen: "2026-01-01T00:00:00Z" });
});

test("a host that restarted keeps its last report", () => {
  const { clock, server, report, conditions } = open();
  report();
  server.applyHost(hostWith({ bootTime: 99_999 }), "restarted");
  clock.advance(10_000);
  expect(conditions.of(server)).toBe("up");
});

test("load over a limit counts after 30 s, and says which", () => {
  const { clock, report, shown } = open();
  for (let beat = 0; beat <= 10; beat++) {
    report({ cpu: 86, memUsed: 96n, diskUsed: 1 });
    if (beat === 9) expect(shown()).toEqual({ condition: "up" });
    clock.advance(3_000);
  }
  expect(shown()).toEqual({ condition: "critical", over: { cpu: "warn", mem: "critical" } });
  clock.advance(30_001);
  expect(shown()).toEqual({ condition: "offline" });
});

test("what has no total has no share", () => {
  const { server, clock, conditions } = open();
  server.applyHost(hostWith({ memTotal: 0, diskTotal: 0 }), "updated");
  for (let beat = 0; beat <= 11; beat++) {
    server.applyState(1, stateWith({ memUsed: 5, diskUsed: 5 }), clock.now());
    clock.advance(3_000);
  }
  expect(conditions.of(server)).toBe("up");
});
