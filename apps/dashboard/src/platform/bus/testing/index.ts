export { createMemoryNet } from "./memory-net.ts";
export type { MemoryNet, MemoryWire } from "./memory-net.ts";
