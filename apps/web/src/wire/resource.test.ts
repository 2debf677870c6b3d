import { LITERAL_ERRORS } from "@windfire/api";
import { expect, test } from "vitest";
import { createResource } from "./resource.ts";

function setUp(...answers: (number | Error)[]) {
  let timer: { ms: number; run: () => void } | undefined;
  let loads = 0;
  const load = async () => {
    loads += 1;
    const answer = answers.shift();
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error("no more");
    return answer;
  };
  const timers = {
    now: () => 0,
    after(ms: number, run: () => void) {
      timer = { ms, run };
      return () => void (timer = undefined);
    },
  };
  return { load, timers, timer: () => timer, loads: () => loads };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("the first listener makes it load, once for all of them", async () => {
  const { load, timers, loads } = setUp(5);
  const resource = createResource({ load, timers });
  resource.subscribe(() => {});
  resource.subscribe(() => {});
  expect(resource.state()).toEqual({ data: undefined, error: undefined, loading: true });
  await settle();
  expect(resource.state()).toEqual({ data: 5, error: undefined, loading: false });
  expect(loads()).toBe(1);
});

test("known data is not fetched again", async () => {
  const { load, timers, loads } = setUp(5);
  const resource = createResource({ load, timers, initial: 1 });
  resource.subscribe(() => {});
  await settle();
  expect(loads()).toBe(0);
  await resource.refresh();
  expect(resource.state().data).toBe(5);
});

test("an error keeps the last good data", async () => {
  const { load, timers } = setUp(1, new Error("away"), 2);
  const resource = createResource({ load, timers });
  await resource.refresh();
  await resource.refresh();
  expect(resource.state()).toMatchObject({ data: 1, error: new Error("away") });
  await resource.refresh();
  expect(resource.state()).toEqual({ data: 2, error: undefined, loading: false });
});

test("it is fetched again while somebody listens, and no longer", async () => {
  const { load, timers, timer, loads } = setUp(1, 2);
  const resource = createResource({ load, timers, everyMs: 10_000 });
  const leave = resource.subscribe(() => {});
  await settle();
  expect(timer()?.ms).toBe(10_000);
  timer()?.run();
  await settle();
  expect(loads()).toBe(2);
  leave();
  expect(timer()).toBeUndefined();
});

test("what the history holds is fetched sooner while that is away", async () => {
  const { load, timers, timer } = setUp(new Error(LITERAL_ERRORS.historyAway), 2);
  const resource = createResource({ load, timers, everyMs: 30_000 });
  resource.subscribe(() => {});
  await settle();
  expect(timer()?.ms).toBe(5_000);
  timer()?.run();
  await settle();
  expect(resource.state().data).toBe(2);
  expect(timer()?.ms).toBe(30_000);
});
