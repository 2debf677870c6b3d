export { createTerminal } from "./routes.ts";
export type { TerminalDeps, Terminal } from "./routes.ts";
