import { agentsContract } from "./testing/contract.ts";
import { createFleetBench, testServer } from "./testing/index.ts";

agentsContract("agents whose connections end in this process", async () => {
  const { fleet, clock, connect, openIo } = createFleetBench(
    [testServer({ id: 1 }), testServer({ id: 2 })],
    {},
    { perUser: 2, perServer: 3 },
  );
  return {
    agents: fleet.agents,
    clock,
    connect,
    openIo,
    settled: () => clock.advanceAsync(0),
    dispose: async () => fleet.stop(),
  };
});
