import { expect, test } from "vitest";
import { dayBegin, failedRuns, perHour, probeFigure, trafficFigure } from "./day-hours.ts";

const NOW = Date.parse("2026-03-10T12:34:56Z");
const FROM = dayBegin(NOW);

test("a day are 24 hours, the last one under way; what lies outside is left out", () => {
  expect(new Date(FROM).toISOString()).toBe("2026-03-09T13:00:00.000Z");
  const times = ["2026-03-09T12:59:59Z", "2026-03-09T13:00:00Z", "2026-03-10T12:00:00Z", "2026-03-10T12:34:00Z", undefined];
  const { hours, total } = perHour(times, FROM);
  expect([hours.length, hours[0], hours[23], total]).toEqual([24, 1, 2, 3]);
});

test("what nobody has said is not nothing", () => {
  expect(perHour(undefined, FROM).total).toBeNaN();
  expect(perHour([], FROM).total).toBe(0);
  expect(trafficFigure(undefined).total).toBeNaN();
  expect(probeFigure(undefined).total).toBeNaN();
});

test("traffic counts both directions from the first hour that is recorded", () => {
  const bars = [
    { from: "2026-03-10T10:00:00Z", in: 0, out: 0 },
    { from: "2026-03-10T11:00:00Z", in: 3, out: 4 },
    { from: "2026-03-10T12:00:00Z", in: 0, out: 0 },
  ];
  expect(trafficFigure({ zone: "UTC", since: "2026-03-10T11:00:00Z", bars })).toEqual({ hours: [Number.NaN, 7, 0], total: 7 });
  expect(trafficFigure({ zone: "UTC", since: null, bars }).total).toBeNaN();
});

test("hours without probes are gaps, and a day without any is unknown", () => {
  const at = (from: string, up: number, down: number) => ({ from, up, down });
  const some = [at("2026-03-10T11:00:00Z", 0, 0), at("2026-03-10T12:00:00Z", 9, 1)];
  expect(probeFigure(some)).toEqual({ hours: [Number.NaN, 10], total: 10, failed: 1 });
  expect(probeFigure(some.slice(0, 1)).total).toBeNaN();
});

test("runs that were missed, or had no server, have failed too; one that still runs has not", () => {
  const states = ["running", "succeeded", "failed", "cancelled", "missed", "empty"] as const;
  expect(failedRuns(states.map((state) => ({ state })))).toBe(3);
});
