import { encodeHost, STATUS } from "@windfire/protocol";
import { sampleHost } from "@windfire/testkit";
import { expect, test } from "vitest";
import type { LiveServer } from "#features/servers";
import type { CallInfo } from "#platform/grpc";
import { createAgentService } from "./index.ts";
import { createFleetBench, testServer } from "./testing/index.ts";

function open() {
  const bench = createFleetBench([testServer({ id: 1 }), testServer({ id: 2 })]);
  const { methods } = createAgentService({
    fleet: bench.fleet,
    isKnown: (id) => bench.servers.get(id) !== undefined,
    onAgent: () => undefined,
    address: () => ({ ip: "" }),
  });
  const info: CallInfo = { method: "ReportSystemInfo2", peer: "", metadata: () => undefined };
  const call = async (id: number, method = "ReportSystemInfo2") => {
    const caller = { server: bench.servers.get(id) as LiveServer, call: { ip: "", peer: "", secret: "", uuid: "" } };
    const unary = methods[method];
    if (unary?.kind !== "unary") throw new Error(`${method} is no unary method`);
    const answer = await unary.handle(Buffer.from(encodeHost(sampleHost())), caller, info);
    return answer instanceof Uint8Array ? "answered" : answer;
  };
  return { bench, call };
}

const TOO_MANY = { code: STATUS.resourceExhausted, message: "too many calls" };

test("an agent may call 200 times at once, then ten times a second; another one is not kept waiting by it", async () => {
  const { bench, call } = open();
  for (let count = 0; count < 200; count++) expect(await call(1)).toBe("answered");
  expect(await call(1)).toEqual(TOO_MANY);
  expect(await call(2)).toBe("answered");
  bench.clock.advance(1_000);
  for (let count = 0; count < 10; count++) expect(await call(1)).toBe("answered");
  expect(await call(1)).toEqual(TOO_MANY);
});

test.each(["ReportSystemInfo", "ReportSystemInfo2", "ReportGeoIP", "ReportLateStates"])("%s counts too", async (method) => {
  const { bench, call } = open();
  for (let count = 0; count < 200; count++) bench.fleet.mayCall(1);
  expect(await call(1, method)).toEqual(TOO_MANY);
});
