import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { systemClock } from "@windfire/kit";
import { parseNatOrder, TASK } from "@windfire/protocol";
import type { OwnCredentials } from "#access/identity";
import { createFleetBench, streamIdOf, testServer } from "#features/fleet/testing";
import type { FleetBench, TestAgent } from "#features/fleet/testing";
import { createListener, DEFAULT_LIMITS } from "#platform/listener";
import { followProfiles } from "../follow.ts";
import type { NatProfile } from "../model.ts";
import type { NatRecords } from "../store.ts";
import { createTunnel } from "../tunnel.ts";
import { createTunnelIndex } from "../tunnel-index.ts";
import { createBackends } from "./backends.ts";
import type { Backends } from "./backends.ts";

export const DOMAIN = "nas.example.com";
export const profile: NatProfile = {
  id: 1,
  ownerId: 7,
  enabled: true,
  name: "nas",
  serverId: 1,
  host: "127.0.0.1:5000",
  domain: DOMAIN,
  createdAt: "",
  updatedAt: "",
};

/** "secret" is a session of ours, "nzp_secret" an access token of ours. */
const ownCredentials: OwnCredentials = {
  among: (texts) =>
    texts.some((text) => text.startsWith("nzp_"))
      ? Promise.resolve(new Set(texts.filter((text) => text.endsWith("secret"))))
      : new Set(texts.filter((text) => text === "secret")),
  isCsrf: () => false,
  isOAuth2Key: () => false,
};

/** For tests: tunnels over real sockets: a client, the listener, the relay, and an agent that dials a real backend. */
export interface TunnelBench extends Backends {
  readonly fleet: FleetBench;
  readonly port: number;
  /** What tunnels there are from now on. */
  profiles: readonly NatProfile[];
  /** Connections of the agent to its backends. */
  readonly dialled: ReadonlySet<Socket>;
  /** An agent that dials `target` for every tunnel order; `lastWords` is what official agents say when the backend has closed. */
  serve(target: number, lastWords?: string): TestAgent;
  /** Everything a connection says until it is closed. */
  say(text: string): Promise<string>;
  /** @throws what the listener met */
  close(): Promise<void>;
}

export async function openTunnelBench(): Promise<TunnelBench> {
  const errors: unknown[] = [];
  const backends = createBackends();
  const dialled = new Set<Socket>();
  const fleet = createFleetBench([testServer({ id: 1, ownerId: 7 })]);
  const onError = (error: unknown): void => void errors.push(error);
  const rows = createProfileRows();
  const index = createTunnelIndex(rows.records);
  const tunnel = createTunnel({
    profile: (authority) => index.byAuthority(authority),
    servers: fleet.servers,
    ownsEverything: (id) => id === 1,
    agents: fleet.fleet.agents,
    translate: (id) => id,
    ownCredentials,
    after: (ms, run) => fleet.clock.setTimeout(run, ms),
    onError,
    blockPage: (message) => `<p>${message}</p>`,
  });
  followProfiles(rows.records, tunnel);
  const listener = createListener({
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    host: "127.0.0.1",
    port: 0,
    web: { request: (_request, response) => void response.end("the dashboard"), upgrade: (_request, socket) => void socket.destroy() },
    calls: { accepts: () => false, handle: () => undefined },
    tunnel,
    onError,
  });
  const { port } = await listener.listen();
  fleet.fleet.onResult(TASK.keepalive, tunnel.onKeepalive);

  const bench: TunnelBench = {
    fleet,
    port,
    get profiles() {
      return rows.profiles;
    },
    set profiles(next) {
      rows.replace(next);
    },
    dialled,
    ...backends.open,
    serve: (target, lastWords = "") => serveTunnels(fleet, dialled, target, lastWords),
    async say(text) {
      const socket = connect(port, "127.0.0.1");
      let answer = "";
      socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
      socket.on("error", () => undefined);
      socket.write(text, "latin1");
      await once(socket, "close");
      return answer;
    },
    async close() {
      fleet.fleet.stop();
      for (const socket of dialled) socket.destroy();
      backends.close();
      await listener.stop(0);
      if (errors.length > 0) throw new AggregateError(errors, "the listener met errors");
    },
  };
  return bench;
}

function serveTunnels(fleet: FleetBench, dialled: Set<Socket>, target: number, lastWords: string): TestAgent {
  const agent = fleet.connect(1);
  const serve = async (): Promise<void> => {
    const task = await agent.task();
    void serve();
    if (task.type !== TASK.nat || parseNatOrder(task.data)?.host !== profile.host) throw new Error(`no order for a tunnel: ${task.data}`);
    const socket = connect(target, "127.0.0.1");
    dialled.add(socket);
    const io = fleet.openIo(1, streamIdOf(task));
    const pump = async (): Promise<void> => {
      socket.write(await io.next());
      await pump();
    };
    void pump();
    socket.on("data", (chunk: Buffer) => io.write(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (lastWords !== "") io.write(lastWords);
      io.call.leave();
    });
    void io.call.ended.then(() => socket.destroy());
  };
  void serve();
  return agent;
}

/** Rows of tunnels in memory, as the room follows them. */
function createProfileRows() {
  let rows: readonly NatProfile[] = [profile];
  const subscribers: (() => void)[] = [];
  const records: Pick<NatRecords, "get" | "list" | "subscribe"> = {
    get: (id) => rows.find((row) => row.id === id),
    list: () => rows,
    subscribe({ reloaded }) {
      subscribers.push(() => reloaded?.(rows));
      return () => undefined;
    },
  };
  return {
    records,
    get profiles() {
      return rows;
    },
    replace(next: readonly NatProfile[]): void {
      rows = next;
      for (const tell of subscribers) tell();
    },
  };
}

/** The request of a browser that wants nothing else on its connection. */
export const get = (host: string, headers = ""): string => `GET /path?x=1 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`;
