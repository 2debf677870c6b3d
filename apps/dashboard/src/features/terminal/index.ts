export { createTerminal } from "./routes.ts";
export type { Terminal } from "./routes.ts";
