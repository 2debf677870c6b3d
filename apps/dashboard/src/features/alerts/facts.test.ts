import { expect, test } from "vitest";
import { hostWith, stateWith } from "#features/servers/testing";
import { factsOf } from "./facts.ts";
import type { AlertCondition } from "./model.ts";

const condition = (over: Partial<AlertCondition>): AlertCondition => ({
  type: "cpu",
  min: 0,
  max: 0,
  cycleStart: undefined,
  cycleInterval: 0,
  cycleUnit: "",
  duration: 3,
  cover: 0,
  ignore: {},
  ...over,
});
const state = stateWith({
  cpu: 97.34,
  memUsed: 900,
  netInSpeed: 1_500_000,
  load1: 2.71,
  temperatures: [{ name: "a", temperature: 85 }],
});
const snapshot = { state, host: hostWith({ memTotal: 1000 }) };
const told = (...rules: (Partial<AlertCondition> & { type: string })[]): string[] => {
  const { value, limit } = factsOf({ rules: rules.map(condition) }, snapshot, ({ type }) =>
    type.endsWith("_forecast") ? 3e12 : undefined,
  );
  return [value, limit];
};

test.each<[(Partial<AlertCondition> & { type: string })[], string[]]>([
  [[{ type: "cpu", max: 90 }], ["97.3 %", "90 %"]],
  [[{ type: "cpu", min: 98 }], ["97.3 %", "≥ 98 %"]],
  [[{ type: "cpu", min: 5, max: 80.5 }], ["97.3 %", "5 % – 80.5 %"]],
  [[{ type: "memory", max: 80 }], ["90 %", "80 %"]],
  [[{ type: "net_in_speed", max: 1_048_576 }], ["1.4 MB/s", "1.0 MB/s"]],
  [[{ type: "load1", max: 2 }], ["2.71", "2"]],
  [[{ type: "temperature_max", max: 80 }], ["85 °C", "80 °C"]],
  [[{ type: "transfer_all_forecast", max: 1_099_511_627_776 }], ["2.7 TB", "1.0 TB"]],
  [[{ type: "offline" }], ["", ""]],
  [[{ type: "gpu", max: 5 }], ["", ""]],
  [
    [{ type: "cpu", max: 90 }, { type: "offline" }, { type: "load1", max: 2 }],
    ["cpu 97.3 %, load1 2.71", "cpu 90 %, load1 2"],
  ],
])("%j", (rules, expected) => {
  expect(told(...rules)).toEqual(expected);
});

test("many conditions are cut", () => {
  const [value = "", limit = ""] = told(...Array.from({ length: 32 }, () => ({ type: "process_count", max: 1e15 })));
  expect(value.length).toBeLessThanOrEqual(500);
  expect(limit.length).toBe(500);
});
