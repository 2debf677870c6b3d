import { formatStreamOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { FakeClock } from "@windfire/testkit";
import type { Agents, StreamRequest } from "#kernel";
import type { TestAgent, TestIo } from "./bench.ts";

/** A port to agents that is being tested, and scripted agents of servers 1 and 2 behind it. Quotas: 2 of a user, 3 of a server. */
export interface AgentsUnderTest {
  readonly agents: Agents;
  readonly clock: FakeClock;
  /** Opens the task stream of a server's agent. */
  connect(serverId: number): TestAgent;
  /** Opens a byte stream as the agent of a server. */
  openIo(serverId: number, streamId: string): TestIo;
  /** What was on its way has arrived. */
  settled(): Promise<void>;
  dispose(): Promise<void>;
}

/** The task that tells an agent of a stream. */
export const order = (streamId: string): Task => ({ id: 0, type: TASK.terminal, data: formatStreamOrder({ streamId }) });
/** A terminal of user 7 on server 1, or what differs from that. */
export const wish = (over: Partial<StreamRequest> = {}): StreamRequest => ({ purpose: "terminal", creatorId: 7, serverId: 1, ...over });
