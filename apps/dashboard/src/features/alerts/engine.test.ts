import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionVerdict, step, STANDS_MS } from "./engine.ts";
import type { Effect, JudgedRule, Pair, Verdict } from "./engine.ts";
import { MOST_RUNS } from "./observed.ts";

/** `cpu 3, offline 5, cycle`: kinds and windows in steps of 3 s. */
function ruleOf(text: string): JudgedRule {
  const conditions = text.split(", ").map((one) => {
    const [type = "", steps = "0"] = one.split(" ");
    const kind = type === "cycle" ? "newest" : type === "offline" ? "offline" : "window";
    return { kind, windowMs: Number(steps) * 3000 } as const;
  });
  return { conditions, longestMs: Math.max(...conditions.map(({ windowMs }) => windowMs)), standsMs: STANDS_MS };
}

/** `0:FF 3:FP`; `0…12 F`: one every 3 s. Times in seconds. */
function observationsOf(text: string): { at: number; values: string }[] {
  const parts = text.matchAll(/(\d+)…(\d+) ([PFU]+)|(\d+):([PFU]+)/g);
  return [...parts].flatMap(([, from, to, run = "", at, value = ""]) =>
    at === undefined
      ? Array.from({ length: (Number(to) - Number(from)) / 3 + 1 }, (_, index) => ({ at: (Number(from) + 3 * index) * 1000, values: run }))
      : [{ at: Number(at) * 1000, values: value }],
  );
}

function play(rule: JudgedRule, text: string): { verdict: Verdict; pair: Pair | undefined; verdicts: Verdict[] } {
  let pair: Pair | undefined;
  const verdicts: Verdict[] = [];
  for (const observation of observationsOf(text)) {
    const stepped = step(rule, pair, observation);
    pair = stepped.pair;
    verdicts.push(stepped.verdict);
  }
  return { verdict: verdicts.at(-1) ?? "U", pair, verdicts };
}

describe("one condition (spec 30 section 2.8)", () => {
  test.each([
    ["W1", "cpu 3", "0:F 3:F", "U"],
    ["W2", "cpu 3", "0:F 3:F 6:F", "F"],
    ["W3", "cpu 5", "0…9 F", "U"],
    ["W4", "cpu 5", "0…12 F", "F"],
    ["W5", "cpu 10", "0…24 F", "U"],
    ["W6", "cpu 10", "0…27 F", "F"],
    ["W7", "cpu 10", "0…18 F 21…27 P", "P"],
    ["W8", "cpu 10", "0…21 F 24…27 P", "F"],
    ["W9", "cpu 6", "0:F 5:F 10:F 15:F", "F"],
    ["W10", "cpu 3", "0:F 4:F 8:F", "F"],
    ["W11", "cpu 3", "0:F 1:F 2:F 3:P 4:P 5:F 6:F", "F"],
    ["W12", "cpu 3", "0:F 1:F 2:F 3:P 4:P 5:P 6:F", "P"],
    ["W13", "cpu 5", "0:F 30:P", "U"],
    ["W14", "cpu 10", "0…12 F 21…27 F", "F"],
    ["W15", "cpu 10", "0…12 F 22:F 25:F 28:F", "U"],
    ["W16", "cpu 10", "0:P 2:P 10:F 16:F 22:F 27:F", "U"],
    ["W17", "gpu 10", "0…9 F 12:U 15…27 F", "F"],
    ["W18", "gpu 10", "0…9 F 12:U 15:U 18…27 F", "U"],
    ["W19", "gpu 3", "0:F 3:U 6:F", "U"],
    ["W20", "cpu 5", "0…12 F", "F"],
    ["W21", "cpu 5", "0…12 F 100…109 P", "U"],
    ["W22", "cpu 5", "0…12 F 100…112 P", "P"],
    ["W23", "cpu 100", "0…240 F 270…297 F", "F"],
    ["O1", "offline 3", "0:F 3:F", "U"],
    ["O2", "offline 3", "0:F 3:F 6:F", "F"],
    ["O3", "offline 5", "0…12 F", "F"],
    ["O4", "offline 5", "0…12 F 15:P", "P"],
    ["O5", "offline 3", "0…9 P 12:F 15:F 18:F", "F"],
    ["O6", "offline 3", "0:F 3:F 6:F 9:P 12:F 15:F", "P"],
    ["O7", "offline 3", "0:F 3:F 6:F 9:P 12:F 15:F 18:F", "F"],
    ["O8", "offline 12", "0…12 F 15:P 18:P 21…33 F", "P"],
    ["O9", "offline 3", "0:F 3:F 12:F", "U"],
    ["O10", "offline 3", "0:F 3:F 12:F 15:F 18:F", "F"],
    ["O11", "offline 3", "0:U 3:U 6:U", "U"],
    ["O12", "offline 3", "0:U 3:U 6:F 9:F 12:F", "F"],
  ])("%s: %s, %s is %s", (_, rule, observations, verdict) => {
    expect(play(ruleOf(rule), observations).verdict).toBe(verdict);
  });
});

describe("several conditions (spec 30 section 2.8)", () => {
  test.each([
    ["A1", "cpu 3, load1 3", "0:FF 3:FF 6:FF", "FF", "F"],
    ["A2", "cpu 3, load1 3", "0:FF 3:FP 6:FP", "FP", "P"],
    ["A3", "cpu 3, gpu 3", "0:FU 3:FU 6:FU", "FU", "U"],
    ["A4", "cpu 3, memory 10", "0…6 FF", "FU", "U"],
    ["A5", "cpu 3, memory 10", "0…27 FF", "FF", "F"],
    ["A6", "cpu 3, load1 3", "0:FP 3:FP 6:FP", "FP", "P"],
    ["A7", "cpu 3, offline 3", "0:FP 3:FP 6:FP", "FP", "P"],
    ["A8", "cycle", "0:F", "F", "F"],
    ["A9", "cycle", "0:P", "P", "P"],
    ["A10 at 0", "cycle, cpu 3", "0:FF", "FU", "U"],
    ["A10 at 6", "cycle, cpu 3", "0:FF 3:FF 6:FF", "FF", "F"],
  ])("%s: %s, %s are %s and together %s", (_, text, observations, each, all) => {
    const rule = ruleOf(text);
    const { verdict, pair } = play(rule, observations);
    const one = rule.conditions.map((condition, index) => pair && conditionVerdict(condition, index, pair.since, pair.observed));
    expect([one.join(""), verdict]).toEqual([each, all]);
  });
});

/** Verdicts of a cycle, which are its values; `R`: a restart, `S`: the rule is saved. */
function effectsOf(text: string): Effect[][] {
  const rule = ruleOf("cycle");
  let pair: Pair | undefined;
  let stored: Pair["phase"] = "none";
  const all: Effect[][] = [];
  for (const [index, values] of text.split(" ").entries()) {
    if (values === "R" || values === "S") {
      stored = values === "S" ? "none" : (pair?.phase ?? "none");
      pair = undefined;
      continue;
    }
    const stepped = step(rule, pair, { at: index * 3000, values }, stored);
    pair = stepped.pair;
    all.push([...stepped.effects]);
  }
  return all;
}

test.each([
  ["S1", "P P", []],
  ["S2", "U U F F F P", ["raise", "clear"]],
  ["S4", "F U U P", ["raise", "clear"]],
  ["S5", "F U U F", ["raise"]],
  ["S6", "F R U U F", ["raise"]],
  ["S7", "F R U U P", ["raise", "clear"]],
  ["S8", "F S U U F", ["raise", "raise"]],
  ["S9", "F S U U P", ["raise"]],
  ["S10", "F P F P", ["raise", "clear", "raise", "clear"]],
])("%s: verdicts %s have the effects %j, each with its tasks", (_, verdicts, effects) => {
  const told = effectsOf(verdicts).flat();
  expect(told.filter((effect) => effect === "raise" || effect === "clear")).toEqual(effects);
  expect(told.filter((effect) => effect.endsWith("tasks"))).toEqual(
    effects.map((effect) => (effect === "raise" ? "fail-tasks" : "recover-tasks")),
  );
});

test("a report counts once", () => {
  const rule = ruleOf("cpu 3");
  const first = step(rule, undefined, { at: 0, seq: 7, values: "F" });
  expect(step(rule, first.pair, { at: 3000, seq: 7, values: "P" })).toEqual({ pair: first.pair, verdict: "U", effects: [] });
  expect(step(rule, first.pair, { at: 3000, seq: 8, values: "P" }).pair).not.toEqual(first.pair);
});

test("a time before the last one counts as equal to it", () => {
  const rule = ruleOf("cpu 3");
  const first = step(rule, undefined, { at: 5000, values: "F" }).pair;
  expect(step(rule, first, { at: 1000, values: "P" }).pair.observed).toEqual({
    cells: [],
    runs: [],
    newest: { from: 5000, last: 5000, values: "P" },
  });
});

/** Verdict of one condition straight from the definition: every observation for itself. */
function defined(windowMs: number, observations: readonly { at: number; values: string }[]): Verdict {
  const last = observations.at(-1);
  const [first] = observations;
  if (!last || !first) return "U";
  const [start, end] = [last.at + 3000 - windowMs, last.at + 3000];
  if (first.at > start) return "U";
  let [covered, failed] = [0, 0];
  for (const [index, { at, values }] of observations.entries()) {
    const next = observations[index + 1];
    const time = Math.min(next ? Math.min(at + 6000, next.at) : at + 3000, end) - Math.max(at, start);
    if (time <= 0 || values === "U") continue;
    covered += time;
    if (values === "F") failed += time;
  }
  if (covered < 0.9 * windowMs) return "U";
  if (10 * failed > 7 * windowMs) return "F";
  return 10 * (failed + windowMs - covered) <= 7 * windowMs ? "P" : "U";
}

const someValues = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 9000 }), values: fc.constantFrom("P", "F", "F", "U") }), {
  minLength: 1,
  maxLength: 120,
});
const timed = (waits: readonly { wait: number; values: string }[]) => {
  let at = 0;
  return waits.map(({ wait, values }) => ({ at: (at += wait), values }));
};

test("what is kept gives the verdict of the definition", () => {
  fc.assert(
    fc.property(someValues, fc.integer({ min: 3, max: 20 }), (waits, steps) => {
      const rule = ruleOf(`cpu ${steps}`);
      let pair: Pair | undefined;
      const seen: { at: number; values: string }[] = [];
      for (const observation of timed(waits)) {
        const stepped = step(rule, pair, observation);
        seen.push(observation);
        expect(stepped.verdict).toBe(defined(steps * 3000, seen));
        pair = stepped.pair;
      }
    }),
  );
});

test("nothing follows from U, and beginnings and ends take turns", () => {
  fc.assert(
    fc.property(someValues, (waits) => {
      let pair: Pair | undefined;
      const told: Effect[] = [];
      for (const observation of timed(waits)) {
        const { effects, verdict, pair: next } = step(ruleOf("cpu 3"), pair, observation);
        if (verdict === "U") expect(effects).toEqual([]);
        told.push(...effects.filter((effect) => effect === "raise" || effect === "clear"));
        pair = next;
      }
      expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? "raise" : "clear")));
    }),
  );
});

test("nothing is as old as the longest window and still known", () => {
  fc.assert(
    fc.property(someValues, (waits) => {
      let pair: Pair | undefined;
      for (const observation of timed(waits))
        pair = step(ruleOf("cpu 3, load1 5"), pair, { ...observation, values: `${observation.values}P` }).pair;
      const start = (pair?.observed.newest.last ?? 0) + 3000 - 15_000;
      expect(pair?.observed.runs.every(({ to }) => to > start)).toBe(true);
    }),
  );
});

test("no values and no times make it throw", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.double(), values: fc.string({ maxLength: 4 }) })), (observations) => {
      let pair: Pair | undefined;
      for (const observation of observations) pair = step(ruleOf("cpu 3, offline 3, cycle"), pair, observation).pair;
    }),
  );
});

test("values that change with every report are bounded, and the verdict stays within a thousandth of the window", () => {
  const rule = ruleOf("cpu 4000");
  let pair: Pair | undefined;
  const seen: { at: number; values: string }[] = [];
  let most = 0;
  for (let index = 0; index < 16_000; index++) {
    const observation = { at: index * 1000, values: index % 10 < 7 ? "FP"[index % 2] + "" : "F" };
    seen.push(observation);
    pair = step(rule, pair, observation).pair;
    most = Math.max(most, pair.observed.cells.length + pair.observed.runs.length + 1);
  }
  expect(most).toBeGreaterThan(MOST_RUNS / 2);
  expect(most).toBeLessThanOrEqual(MOST_RUNS);
  const start = 15_999_000 + 3000 - 12_000_000;
  const exact = seen.filter(({ at, values }) => at >= start && values === "F").length * 1000;
  const { cells, runs } = pair?.observed ?? { cells: [], runs: [] };
  const folded = cells.filter(({ from }) => from >= start).reduce((sum, cell) => sum + (cell.failed[0] ?? 0), 0);
  const plain = runs.filter(({ values }) => values === "F").reduce((sum, run) => sum + run.to - run.from, 0);
  expect(Math.abs(folded + plain - exact)).toBeLessThan(0.002 * 12_000_000 + 3000);
});
