import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createLifecycle } from "./index.ts";
import type { Component } from "./index.ts";

function recorded(events: string[], name: string, options: { start?: Error; stop?: Promise<void> | Error } = {}): Component {
  return {
    name,
    start: () => {
      if (options.start) throw options.start;
      events.push(`start ${name}`);
    },
    stop: async () => {
      events.push(`stop ${name}`);
      if (options.stop instanceof Error) throw options.stop;
      await options.stop;
    },
  };
}

test("components start in order and stop in reverse order, once", async () => {
  const events: string[] = [];
  const lifecycle = createLifecycle({ clock: createFakeClock() });
  await lifecycle.start([recorded(events, "a"), recorded(events, "b")]);
  const [first, second] = await Promise.all([lifecycle.stop(1_000), lifecycle.stop(1_000)]);
  expect(events).toEqual(["start a", "start b", "stop b", "stop a"]);
  expect(first).toEqual({ failed: [], late: [] });
  expect(second).toBe(first);
});

test("a failed start stops what was started and is thrown", async () => {
  const events: string[] = [];
  const lifecycle = createLifecycle({ clock: createFakeClock() });
  const parts = [recorded(events, "a"), recorded(events, "b", { start: new Error("no") }), recorded(events, "c")];
  await expect(lifecycle.start(parts)).rejects.toThrow("no");
  expect(events).toEqual(["start a", "stop a"]);
});

test("one that fails to stop does not keep the others running", async () => {
  const events: string[] = [];
  const error = new Error("no");
  const lifecycle = createLifecycle({ clock: createFakeClock() });
  await lifecycle.start([recorded(events, "a"), recorded(events, "b", { stop: error })]);
  await expect(lifecycle.stop(1_000)).resolves.toEqual({ failed: [{ name: "b", error }], late: [] });
  expect(events.at(-1)).toBe("stop a");
});

test("the deadline is for all together; who is late is named", async () => {
  const clock = createFakeClock();
  const events: string[] = [];
  const lifecycle = createLifecycle({ clock });
  await lifecycle.start([recorded(events, "a"), recorded(events, "b", { stop: new Promise(() => undefined) })]);
  const stopped = lifecycle.stop(1_000);
  await clock.advanceAsync(1_000);
  await expect(stopped).resolves.toEqual({ failed: [], late: ["b", "a"] });
  expect(clock.pending).toBe(0);
});
