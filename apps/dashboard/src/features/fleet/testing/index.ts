export { testServer, testCall, createFleetBench, streamIdOf } from "./bench.ts";
export type { TestCall, TestIo, TestAgent, FleetBench } from "./bench.ts";
export type { AgentsUnderTest } from "./agents-under-test.ts";
export { agentsContract } from "./contract.ts";
