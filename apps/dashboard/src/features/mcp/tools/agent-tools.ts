import type { ServerDirectory } from "#features/servers";
import type { AgentCalls } from "../calls.ts";

/** What the tools that ask an agent need. */
export interface AgentToolDeps {
  readonly servers: Pick<ServerDirectory, "get">;
  readonly calls: AgentCalls;
}
