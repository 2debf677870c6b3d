import type { TaskResult } from "@windfire/protocol";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createAgentConfig } from "./agent-config.ts";
import type { DispatchOutcome } from "#kernel";

function open(outcome: DispatchOutcome = "sent") {
  const clock = createFakeClock();
  const tasks: number[] = [];
  const config = createAgentConfig({
    clock,
    agents: {
      dispatch: async (serverId) => {
        tasks.push(serverId);
        return outcome;
      },
    },
  });
  const answer = (data: string, successful = true): TaskResult => ({ id: 0, type: 12, delay: 0, data, successful });
  return { clock, tasks, config, answer };
}

test("the answer goes to whoever asks, one question for all who ask at once", async () => {
  const { config, tasks, answer } = open();
  const both = Promise.all([config.read(7), config.read(7)]);
  await Promise.resolve();
  config.onResult(7, answer('{"debug":false}'));
  expect(await both).toEqual(['{"debug":false}', '{"debug":false}']);
  expect(tasks).toEqual([7]);
});

test.each<DispatchOutcome>(["offline", "queue-full"])(
  "an agent that is %s has no configuration, and the next question is a new one",
  async (outcome) => {
    const { clock, config, tasks } = open(outcome);
    expect(await Promise.all([config.read(7), config.read(7)])).toEqual([null, null]);
    expect(await config.read(7)).toBeNull();
    expect([tasks, clock.pending]).toEqual([[7, 7], 0]);
  },
);

test("a refusal is told with the agent's text", async () => {
  const { config, answer } = open();
  const asked = config.read(7);
  config.onResult(7, answer("remote commands are disabled", false));
  await expect(asked).rejects.toMatchObject({ messageId: "get server config failed: %v", args: ["remote commands are disabled"] });
});

test("of a refusal of megabytes only its beginning is told", async () => {
  const { config, answer } = open();
  const asked = config.read(7);
  await Promise.resolve();
  config.onResult(7, answer("n".repeat(3_000_000), false));
  await expect(asked).rejects.toMatchObject({ args: ["n".repeat(1024)] });
});

test("after ten seconds nobody waits any more, and a late answer is not taken for the next one", async () => {
  const { clock, config, answer } = open();
  const asked = config.read(7);
  const outcome = asked.catch((error: unknown) => error);
  await clock.advanceAsync(10_000);
  expect(await outcome).toMatchObject({ messageId: "operation timeout" });
  config.onResult(7, answer("late"));
  const next = config.read(7);
  config.onResult(7, answer("fresh"));
  expect(await next).toBe("fresh");
});
