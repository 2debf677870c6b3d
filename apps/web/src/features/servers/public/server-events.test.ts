import { expect, test } from "vitest";
import { serverEvents } from "./server-events.ts";

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const incident = (opened: number, ended?: number) =>
  ({ id: 1, opened_at: at(opened), ...(ended === undefined ? {} : { ended_at: at(ended) }) }) as Parameters<
    typeof serverEvents
  >[0]["incidents"][number];

test("what happened comes newest first, whatever it is", () => {
  const events = serverEvents({
    offline: [{ from: at(300) }, { from: at(100), to: at(150) }],
    planned: [{ from: at(120), to: at(150) }],
    uptime: [],
    incidents: [incident(200, 250)],
    changes: [{ at: at(250), what: "version", from: "2.3.3", to: "2.3.5" }],
  });
  expect(events.map(({ kind, from }) => [kind, from])).toEqual([
    ["offline", 300_000],
    ["version", 250_000],
    ["incident", 200_000],
    ["planned", 120_000],
    ["offline", 100_000],
  ]);
  expect(events.map((event) => ("to" in event ? event.to : 0))).toEqual([undefined, 0, 250_000, 150_000, 150_000]);
});

test("a host that runs for less long than before was restarted, when it says; never before it was last seen running", () => {
  const restarts = (...uptime: (readonly [seconds: number, value: number])[]) =>
    serverEvents({
      offline: [],
      planned: [],
      incidents: [],
      changes: [],
      uptime: uptime.map(([seconds, value]) => ({ ts: seconds * 1000, value })),
    }).map(({ from }) => from);
  expect(restarts([0, 500], [30, 530], [60, 10], [90, 40])).toEqual([50_000]);
  expect(restarts([0, 500], [1800, 400])).toEqual([1_400_000]);
  expect(restarts([0, 5000], [1800, 4000])).toEqual([0]);
  expect(restarts([0, 500])).toEqual([]);
});
