import { planFamilies, type FamilyPlan } from "@windfire/tsdb";
import { expect, test } from "vitest";
import { FAMILIES, probeKey } from "../columns.ts";
import { linesOf } from "./lines.ts";
import { createNames } from "./names.ts";
import { retentionOf } from "./retention.ts";
import type { HeldRow } from "./row-model.ts";
import { MOST_WRITERS, samplesOf, slotOf, stampOf } from "./stamp.ts";
import { rowsOf, seriesOf } from "./stored-rows.ts";

const [server, late, probe] = planFamilies(FAMILIES) as [FamilyPlan, FamilyPlan, FamilyPlan];
const names = createNames("abcd");
const SLOT = 59_000_000;
const AT = SLOT * 30_000;

function row(plan: FamilyPlan, key: number, values: readonly number[], count = 10): HeldRow {
  const group = { plan, key, open: undefined, rows: [] };
  return { group, slot: SLOT, count, values, state: "waiting", sentAt: 0, file: 0 };
}

test("a stamp lies in its half minute, later the more samples it has, and says how many", () => {
  const stamps = [1, 2, 10, 299, 1_000].map((count) => stampOf(SLOT, count, MOST_WRITERS));
  expect(stamps.map(slotOf)).toEqual(stamps.map(() => SLOT));
  expect(stamps.map(samplesOf)).toEqual([1, 2, 10, 299, 299]);
  expect(stamps.toSorted((a, b) => a - b)).toEqual(stamps);
  expect(stampOf(SLOT, 2, 1)).toBeGreaterThan(stampOf(SLOT, 1, MOST_WRITERS));
});

test("a point is one line with its labels first and its time last, rounded to what is kept of it", () => {
  const values = Array.from({ length: 17 }, (_, index) => index + 0.123_456);
  values[1] = 2 ** 34 + 0.6;
  values[14] = Number.NaN;
  const { format, text } = linesOf(names, server, [row(server, 7, values)], 42);
  expect(format).toMatch(/^1:label:server,2:metric:windfire_server_cpu,.*,19:time:unix_ms$/);
  expect(text).toBe(`7,0.12,17179869185,2,3,4,5,6,7,8.123,9.123,10.123,11.12,12.12,13.12,NaN,15,16.1,${AT + 1_042}\n`);
  const seen = linesOf(names, probe, [row(probe, probeKey(5, 9), [12.345, 1, 0, 0.5, Number.NaN])], 1);
  expect(seen.format).toMatch(/^1:label:server,2:label:service,3:metric:windfire_probe_delay,/);
  expect(seen.text).toBe(`9,5,12.35,1,0,0.5,NaN,${AT + 1_001}\n`);
  expect(linesOf(names, late, [row(late, 7, [2], 1)], 1).text).toBe(`7,2,${AT + 101}\n`);
});

test("whatever is asked for or deleted names the installation", () => {
  expect(names.selector("server", ["cpu"], [1, 1, 2])).toBe('{__name__="windfire_server_cpu",installation="abcd",server=~"1|2"}');
  expect(names.selector("probe", ["up", "down"], [probeKey(3, 1), probeKey(3, 2)])).toBe(
    '{__name__=~"windfire_probe_up|windfire_probe_down",installation="abcd",server=~"1|2",service="3"}',
  );
  expect(names.everythingOf("service", [4])).toBe('{installation="abcd",service="4"}');
  expect(() => names.everythingOf("server", [])).toThrow("no server to ask for");
  for (const name of ["", "a", 'x"}or{a="', "UPPER"]) expect(() => createNames(name)).toThrow("no name of an installation");
});

test("of several points of a half minute that with the most samples counts, whole; ours wins with as many", () => {
  const series = (values: number[], timestamps: number[]) => [{ metric: {}, values, timestamps }];
  const [few, many] = [stampOf(SLOT, 2, 3), stampOf(SLOT, 9, 1)];
  const columns = [series([1, 5, 7], [few, many, few + 30_000]), series([1, 6], [few, many])];
  const stored = rowsOf(columns, [], [0, 1]);
  expect([...stored.slots]).toEqual([SLOT, SLOT + 1]);
  expect([...stored.counts]).toEqual([9, 2]);
  expect(stored.columns.map((column) => [...column])).toEqual([
    [5, 7],
    [6, Number.NaN],
  ]);
  const values = Float64Array.of(50, 60, 70);
  const merged = rowsOf(
    columns,
    [
      { slot: SLOT, count: 9, values },
      { slot: SLOT + 1, count: 1, values },
    ],
    [2, 0],
  );
  expect(merged.columns.map((column) => [...column])).toEqual([
    [70, 7],
    [50, Number.NaN],
  ]);
});

test("lines of an export are read one by one, with gaps; other text is an error", () => {
  const text = '{"metric":{"server":"1"},"values":[1,null],"timestamps":[1,2]}\n\n{"metric":{"server":"2"},"values":[3],"timestamps":[1]}';
  expect([...seriesOf(Buffer.from(text))].map(({ metric, values }) => [metric["server"], values])).toEqual([
    ["1", [1, null]],
    ["2", [3]],
  ]);
  expect(() => [...seriesOf(Buffer.from("<html>"))]).toThrow("does not speak as it does");
});

test.each([
  ['-memory.allowedPercent="60"\n-retentionPeriod="1"\n', 31],
  ['-retentionPeriod="100y"', 36_500],
  ["-retentionPeriod=20d", 20],
  ['-retentionPeriod="36h"', 1.5],
  ['-retentionPeriod="4w"', 28],
  ['-retentionPeriod="secret"', undefined],
  ["<html>", undefined],
])("retention is read from %j", (flags, days) => {
  expect(retentionOf(flags)).toBe(days);
});
