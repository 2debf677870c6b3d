import { expect, test } from "vitest";
import { delaysOf, serviceList } from "./service-model.ts";

const zeros = Array.from({ length: 30 }, () => 0);
const service = (more: object) => ({
  service_name: "Web",
  current_up: 10,
  current_down: 0,
  total_up: 0,
  total_down: 0,
  delay: zeros,
  up: zeros,
  down: zeros,
  ...more,
});
const only = (more: object) => serviceList({ services: { "4": service(more) } })[0];

test.each([
  [10, 0, "up"],
  [10, 1, "warn"],
  [5, 5, "critical"],
  [0, 3, "critical"],
  [0, 0, "waiting"],
] as const)("%d up and %d down now means %s", (current_up, current_down, state) => {
  expect(only({ current_up, current_down })?.state).toBe(state);
});

test("days without results are no failures", () => {
  const item = only({ up: [...zeros.slice(3), 100, 99, 50], down: [...zeros.slice(3), 0, 1, 50], total_up: 249, total_down: 51 });
  expect(item?.days.slice(-4).map((day) => day.kind)).toEqual(["none", "fine", "shaky", "bad"]);
  expect(item?.uptime).toBeCloseTo(83);
});

test("nothing measured is unknown, not zero", () => {
  expect(only({})).toMatchObject({ uptime: undefined, delay: undefined });
});

test("the mean delay leaves out days without success and counts days by their results", () => {
  expect(only({ up: [...zeros.slice(2), 30, 10], delay: [...zeros.slice(2), 100, 20] })?.delay).toBe(80);
});

test("a day without a delay is a gap at its place, not left out", () => {
  const { days } = only({ up: [...zeros.slice(4), 30, 0, 10, 0], delay: [...zeros.slice(4), 100, 0, 20, 0] }) ?? { days: [] };
  expect(delaysOf(days)).toEqual([...zeros.slice(4).map(() => Number.NaN), 100, Number.NaN, 20, Number.NaN]);
});

test("services are in the order of their ids", () => {
  expect(serviceList({ services: { "10": service({}), "9": service({}) } }).map((item) => item.id)).toEqual([9, 10]);
  expect(serviceList(undefined)).toEqual([]);
});
