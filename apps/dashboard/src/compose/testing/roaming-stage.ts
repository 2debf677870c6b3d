import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startNatsServer, startPostgres } from "@windfire/testkit";
import type { NatsServer } from "@windfire/testkit";
import { WebSocket } from "ws";
import { openReplicas } from "./replica-set.ts";
import type { TestReplica } from "./replica-set.ts";
import { createRoamingBrowser } from "./roaming-browser.ts";
import type { RoamingBrowser } from "./roaming-browser.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A provider that people sign in through, as a configuration names it. */
export interface StubProvider {
  readonly endpoint: { readonly auth_url: string; readonly token_url: string };
  readonly user: string;
}

/** Three dashboards of one installation, with three servers and people who come to another one with each request. */
export interface RoamingStage {
  readonly replicas: readonly [TestReplica, TestReplica, TestReplica];
  readonly nats: NatsServer;
  readonly provider: StubProvider;
  /** With an address of its own: nobody is blocked for another. */
  browser(replicas?: readonly TestReplica[]): RoamingBrowser;
  /** The same, at one dashboard only. */
  browserAt(place: number): RoamingBrowser;
  /** The administrator unless told. */
  signedIn(who?: Credentials): Promise<RoamingBrowser>;
  /** A user nobody else has. */
  person(): Promise<Credentials & { readonly id: number }>;
  close(): Promise<void>;
}

/** How long, and how often, a test looks for what is so a little later. In milliseconds. */
export const WITHIN = { timeout: 20_000, interval: 50 };
/** What dashboards of a {@link RoamingStage} are called in public. */
export const ORIGIN = "https://dash.example.com";
const ADMIN: Credentials = { username: "admin", password: "admin-password" };

/** @param name of the database */
export async function openRoamingStage(name: string): Promise<RoamingStage> {
  const [nats, postgres, server] = await Promise.all([startNatsServer(), startPostgres(), startProvider()]);
  const provider = addressesOf(server);
  const set = await openReplicas({
    bus: `nats://127.0.0.1:${nats.port}`,
    database: await postgres.createDatabase(name),
    count: 3,
    servers: 3,
    headers: { "x-real-ip": "192.0.2.1" },
    config: configOf(provider),
  });
  const [first, second, third] = set.replicas;
  if (!first || !second || !third) throw new Error("there are not three");
  const replicas = [first, second, third] as const;
  let clients = 0;
  let people = 0;
  const browser = (at: readonly TestReplica[] = replicas): RoamingBrowser => {
    clients++;
    return createRoamingBrowser(at, `198.18.${clients >> 8}.${clients & 255}`);
  };
  const signedIn = async (who = ADMIN): Promise<RoamingBrowser> => {
    const one = browser();
    await one.call("POST", "/login", { username: who.username, password: who.password });
    return one;
  };
  return {
    replicas,
    nats,
    provider,
    browser,
    browserAt: (place) => browser([replicas[place % 3] ?? first]),
    signedIn,
    async person() {
      const form = { username: `person-${++people}`, password: "right-password", role: 1 };
      return { ...form, id: await (await signedIn()).call<number>("POST", "/user", form) };
    },
    async close() {
      await set.close();
      await nats.stop();
      await postgres.remove();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A WebSocket of somebody, at the dashboard that their next request would come to. */
export async function openSocket(one: RoamingBrowser, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`${one.next().base.replace("http", "ws")}/api/v1${path}`, { headers: one.headers() });
  await once(socket, "open");
  return socket;
}

async function startProvider(): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const said = url === "/token" ? { access_token: "access", token_type: "bearer" } : { id: 4242 };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function addressesOf(server: Server): StubProvider {
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint: { auth_url: `${at}/authorize`, token_url: `${at}/token` }, user: `${at}/user` };
}

const configOf = ({ endpoint, user }: StubProvider): string => `web_real_ip_header: X-Real-IP
dashboard_host: ${new URL(ORIGIN).host}
enable_mcp: true
oauth2:
  Stub:
    client_id: us
    client_secret: hush
    endpoint: { auth_url: "${endpoint.auth_url}", token_url: "${endpoint.token_url}" }
    user_info_url: ${user}
    user_id_path: id
`;
