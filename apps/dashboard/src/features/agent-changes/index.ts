export { createAgentChanges } from "./room.ts";
export type { AgentChanges, AgentChangesDeps } from "./room.ts";
