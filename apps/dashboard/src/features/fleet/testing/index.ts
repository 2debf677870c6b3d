export { testServer, testCall, createFleetBench, streamIdOf } from "./bench.ts";
export type { TestCall, TestIo, TestAgent, FleetBench } from "./bench.ts";
