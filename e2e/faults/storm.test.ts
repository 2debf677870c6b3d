import { encodeHost, encodeState, methodPath } from "@windfire/protocol";
import type { MethodName } from "@windfire/protocol";
import { connectHttp2Peer, dataFrame, headersFrame, sampleHost, sampleState } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createApi } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";
import { uuidOf } from "../stage.ts";
import { framed } from "./raw-call.ts";

const AGENTS = 1_000;
const PATIENCE_MS = 60_000;

interface Server {
  readonly id: number;
  readonly uuid: string;
}

/**
 * An agent that says at once all it has to say, as one does that comes back after a restart of its dashboard: its host, then its state.
 * Resolves when the state is acknowledged; the connection stays.
 */
async function arrive(dashboard: Dashboard, number: number): Promise<() => void> {
  const call = (method: MethodName): Readonly<Record<string, string>> => ({
    ":method": "POST",
    ":scheme": "http",
    ":path": methodPath(method),
    ":authority": dashboard.target,
    "content-type": "application/grpc",
    te: "trailers",
    "client-secret": dashboard.agentSecret,
    "client-uuid": uuidOf(number),
  });
  const peer = await connectHttp2Peer(Number(new URL(dashboard.base).port));
  peer.write(headersFrame(1, call("ReportSystemInfo2")), dataFrame(1, framed(encodeHost(sampleHost())), true));
  await peer.frame(({ type, stream, flags }) => stream === 1 && type === "headers" && (flags & 1) === 1);
  peer.write(headersFrame(3, call("ReportSystemState")), dataFrame(3, framed(encodeState(sampleState(1)))));
  await peer.frame(({ type, stream }) => stream === 3 && type === "data");
  return peer.destroy;
}

test(
  "1 000 agents of one address that come at once, and again after a restart, all get in; so do people meanwhile",
  { timeout: 120_000 },
  async () => {
    const dashboard = await openDashboard({ config: "web_real_ip_header: NZ::Use-Peer-IP\nagent_real_ip_header: NZ::Use-Peer-IP\n" });
    const registered = async (): Promise<Map<string, number>> => {
      const api = await createApi(dashboard.base, ADMIN);
      return new Map((await api.get<Server[]>("/server")).map(({ id, uuid }) => [uuid, id]));
    };
    const storm = (): Promise<(() => void)[]> => Promise.all(Array.from({ length: AGENTS }, (_, index) => arrive(dashboard, index + 1)));
    await storm();
    const before = await registered();
    expect(before.size).toBe(AGENTS);

    await dashboard.kill();
    await dashboard.start();
    const [agents, meanwhile] = await Promise.all([storm(), registered()]);
    expect(meanwhile).toEqual(before);
    expect(await registered()).toEqual(before);
    const api = await createApi(dashboard.base, ADMIN);
    const online = async (): Promise<number> =>
      (await api.get<{ last_active: string }[]>("/server")).filter(({ last_active: at }) => Date.parse(at) > Date.now() - PATIENCE_MS)
        .length;
    expect([await online(), await api.get("/waf")]).toMatchObject([AGENTS, { pagination: { total: 0 } }]);
    for (const leave of agents) leave();
    await dashboard.close();
  },
);
