export { testServer, createFleetBench, streamIdOf } from "./bench.ts";
export type { TestIo, TestAgent, FleetBench } from "./bench.ts";
export { testCall } from "./test-call.ts";
export type { TestCall } from "./test-call.ts";
export type { AgentsUnderTest } from "./agents-under-test.ts";
export { agentsContract } from "./contract.ts";
