import { agentsContract } from "#features/fleet/testing";
import type { AgentsUnderTest } from "#features/fleet/testing";
import { streamIdOf, testServer } from "#features/fleet/testing";
import type { Agents } from "#kernel";
import { createReplicaSet } from "./testing/index.ts";
import type { ReplicaSet, TestReplica } from "./testing/index.ts";

/** What agents and people have said has arrived before anything is asked: it takes a moment, and tests ask at once. */
function afterAll({ agents }: TestReplica["replicas"], settled: () => Promise<void>): Agents {
  return {
    dispatch: (...task) => settled().then(() => agents.dispatch(...task)),
    where: (...server) => settled().then(() => agents.where(...server)),
    openStream: (...opening) => settled().then(() => agents.openStream(...opening)),
    findStream: (...stream) => settled().then(() => agents.findStream(...stream)),
    joinStream: (...end) => settled().then(() => agents.joinStream(...end)),
    closeStreams: (...which) => settled().then(() => agents.closeStreams(...which)),
  };
}

async function opened(set: ReplicaSet, count: number): Promise<TestReplica[]> {
  const replicas = Array.from({ length: count }, () => set.add());
  await set.clock.advanceAsync(2_000);
  return replicas;
}

const ROWS = [testServer({ id: 1 }), testServer({ id: 2 })];

function world(asks: number, tasksAt: number, streamsAt: number, name: string): void {
  agentsContract(name, async (): Promise<AgentsUnderTest> => {
    const set = createReplicaSet(ROWS, { perUser: 2, perServer: 3 });
    const replicas = await opened(set, 3);
    const at = (place: number): TestReplica => {
      const replica = replicas[place];
      if (!replica) throw new Error(`there is no replica ${place}`);
      return replica;
    };
    const connect: AgentsUnderTest["connect"] = (serverId) => {
      const agent = at(tasksAt).connect(serverId);
      return {
        ...agent,
        attach: async () => {
          const io = at(streamsAt).openIo(serverId, streamIdOf(await agent.task()));
          await set.settled();
          return io;
        },
      };
    };
    return {
      agents: afterAll(at(asks).replicas, set.settled),
      clock: set.clock,
      connect,
      openIo: at(streamsAt).openIo,
      settled: set.settled,
      dispose: async () => {
        for (const { replicas: one, fleet } of replicas) {
          one.leave();
          one.stop();
          fleet.stop();
        }
      },
    };
  });
}

world(0, 0, 0, "agents of this replica among others");
world(0, 1, 1, "agents of another replica");
world(0, 1, 2, "agents whose streams come to a third replica");
world(0, 1, 0, "agents whose streams come to the replica that asks");
