import { setTimeout as later } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROXIES } from "./configurations.ts";
import { isInstalled } from "./proxy.ts";
import { openStage } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** Longer than the minute after which proxies end what is idle, unless they are told not to. It is their clock, so it has to pass. */
const IDLE_MS = 65_000;

const installed = PROXIES.filter(isInstalled);
const stages: Stage[] = [];
beforeAll(async () => {
  for (const name of installed) stages.push(await openStage(name, true));
});
afterAll(async () => {
  await Promise.all(stages.map((stage) => stage.close()));
});

test.runIf(installed.length > 0)(
  "terminals in which nothing happens for more than a minute stay, and so do the agents' streams",
  { timeout: 150_000 },
  async () => {
    const terminals = await Promise.all(stages.map((stage) => stage.openTerminal()));
    const said = stages.map(({ agent }) => agent.output());
    await later(IDLE_MS);
    for (const { socket, output } of terminals) {
      socket.send("echo $((6*7))ok\r");
      await expect.poll(output).toContain("42ok");
      socket.close();
    }
    // An agent whose streams are cut says so and connects again.
    expect(stages.map(({ agent }) => agent.output())).toEqual(said);
  },
);
