import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createSendingAway } from "./sending-away.ts";

test("each agent is asked once, task stream and states together, at a moment of its own within the time", async () => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const moments = [0.5, 0, 0.9];
  const away = createSendingAway({
    clock,
    random: () => moments.shift() ?? 1,
    tasks: { onlineIds: () => [1, 2], sendAway: (id) => void asked.push(`tasks ${id}`) },
    states: { ids: () => [2, 3], sendAway: (id) => void asked.push(`states ${id}`) },
  });
  expect(away.count()).toBe(3);
  let isOver = false;
  const over = away.run(1_000).then(() => (isOver = true));
  clock.advance(400);
  expect(asked).toEqual(["states 2", "tasks 2"]);
  clock.advance(200);
  expect(asked.slice(2)).toEqual(["states 1", "tasks 1"]);
  expect(isOver).toBe(false);
  clock.advance(400);
  await over;
  expect(asked.slice(4)).toEqual(["states 3", "tasks 3"]);
});

test("where there are no agents nobody is waited for", async () => {
  const away = createSendingAway({
    clock: createFakeClock(),
    random: () => 1,
    tasks: { onlineIds: () => [], sendAway: () => undefined },
    states: { ids: () => [], sendAway: () => undefined },
  });
  expect(await away.run(30_000)).toBeUndefined();
});
