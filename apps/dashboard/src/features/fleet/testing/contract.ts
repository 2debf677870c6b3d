import { TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Agents } from "#kernel";
import { order, wish } from "./agents-under-test.ts";
import type { AgentsUnderTest } from "./agents-under-test.ts";
import { streamContract } from "./stream-contract.ts";

const upgrade = (id: number): Task => ({ id, type: TASK.upgrade, data: "" });

/** What every port to agents promises, wherever their connections are. Declares tests. */
export function agentsContract(name: string, open: () => Promise<AgentsUnderTest>): void {
  describe(`${name} keeps the contract`, () => {
    let world: AgentsUnderTest;
    let agents: Agents;
    beforeEach(async () => {
      world = await open();
      agents = world.agents;
    });
    afterEach(() => world.dispose());

    describe("a task", () => {
      test("reaches an agent that is there, and says so when it is away or does not read", async () => {
        expect(await agents.dispatch(1, upgrade(1))).toBe("offline");
        const agent = world.connect(1);
        expect(await agents.dispatch(1, upgrade(2))).toBe("sent");
        expect(await agent.task()).toEqual(upgrade(2));
        agent.call.behave({ outcome: "full" });
        expect(await agents.dispatch(1, upgrade(3))).toBe("queue-full");
      });

      test("comes in the order of the calls, the orders of streams among them", async () => {
        const agent = world.connect(1);
        const answers = [agents.dispatch(1, upgrade(1)), agents.openStream(wish(), order), agents.dispatch(1, upgrade(2))];
        await Promise.all(answers);
        expect([await agent.task(), await agent.task(), await agent.task()].map(({ id, type }) => [id, type])).toEqual([
          [1, TASK.upgrade],
          [0, TASK.terminal],
          [2, TASK.upgrade],
        ]);
      });

      test("goes to one server's agent alone, and to the newest stream of it", async () => {
        const [old, current, other] = [world.connect(1), world.connect(1), world.connect(2)];
        await old.call.ended;
        await agents.dispatch(1, upgrade(5));
        expect(await current.task()).toEqual(upgrade(5));
        expect([old.call.received.items, other.call.received.items]).toEqual([[], []]);
      });
    });

    test("an agent is somewhere as long as its task stream is open", async () => {
      expect(await agents.where(1)).toBe("offline");
      const agent = world.connect(1);
      await world.settled();
      expect(await agents.where(1)).not.toBe("offline");
      expect(await agents.where(2)).toBe("offline");
      agent.call.leave();
      await world.settled();
      expect(await agents.where(1)).toBe("offline");
    });

    streamContract(() => world);
  });
}
