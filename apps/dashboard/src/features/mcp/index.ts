export { createMcp } from "./room.ts";
export type { Mcp, McpConfig, McpDeps } from "./room.ts";
