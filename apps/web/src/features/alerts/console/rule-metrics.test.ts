import { expect, test } from "vitest";
import { GROUPS } from "./alert-types.ts";
import { comparedPoints, ruleMetricOf, typeOfMetric } from "./rule-metrics.ts";

test("bytes are compared as percent of what the host has, and not at all where that is not known", () => {
  const memory = ruleMetricOf("memory");
  if (memory === undefined) throw new Error("memory has a history");
  const points = [{ ts: 1, value: 256 }];
  expect(comparedPoints(memory, [points], { mem_total: 1024 })).toEqual([{ ts: 1, value: 25 }]);
  expect(comparedPoints(memory, [points], {})).toEqual([]);
  expect(comparedPoints(memory, [points], undefined)).toEqual([]);
});

test("both directions count together where both were measured", () => {
  const all = ruleMetricOf("net_all_speed");
  if (all === undefined) throw new Error("speeds have a history");
  const [into, out] = [
    [
      { ts: 1, value: 10 },
      { ts: 2, value: 20 },
    ],
    [{ ts: 2, value: 5 }],
  ];
  expect(comparedPoints(all, [into ?? [], out ?? []], undefined)).toEqual([{ ts: 2, value: 25 }]);
});

test("what lasts or adds up has no line, everything else has one", () => {
  for (const type of [...GROUPS.usage, ...GROUPS.network, ...GROUPS.counts]) expect(ruleMetricOf(type), type).toBeDefined();
  for (const type of ["offline", "transfer_all_cycle", "transfer_in_forecast", "unheard-of"])
    expect(ruleMetricOf(type), type).toBeUndefined();
});

test("a metric is called as the condition that speaks of it", () => {
  expect(["cpu", "gpu", "tcp_conn", "temperature", "uptime"].map(typeOfMetric)).toEqual([
    "cpu",
    "gpu_max",
    "tcp_conn_count",
    "temperature_max",
    undefined,
  ]);
});
