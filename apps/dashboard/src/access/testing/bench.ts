import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import type { KyselyPlugin } from "kysely";
import { providerAddresses } from "#access/oauth2";
import { createFactBus } from "#kernel";
import type { FactBus } from "#kernel";
import type { Database } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import { createHttpApp } from "#platform/http";
import { testLimits } from "#platform/http/testing";
import type { AnyRoute, AnySocketRoute, Translate } from "#platform/http";
import { fixedLimits } from "#platform/limits";
import { createOutbound } from "#platform/outbound";
import { createPasswords } from "#platform/password";
import { createSealing } from "#platform/sealing";
import { createBrowser } from "./browser.ts";
import type { Browser } from "./browser.ts";
import { createAccess } from "./rooms.ts";
import type { Access, AccessDeps } from "./rooms.ts";

type AccessSettings = AccessDeps["config"]["current"];

/** What a room beside is made of. */
export type BenchParts = Pick<AccessBench, "access" | "clock" | "database" | "facts" | "errors">;

export interface BenchRoom {
  readonly routes?: readonly AnyRoute[];
  readonly sockets?: readonly AnySocketRoute[];
}

export interface BenchOptions {
  readonly config?: Partial<AccessSettings>;
  readonly deps?: Partial<AccessDeps>;
  readonly routes?: readonly AnyRoute[];
  readonly sockets?: (access: Access) => readonly AnySocketRoute[];
  /** A room beside, made once access is there. */
  readonly room?: (parts: BenchParts) => BenchRoom | Promise<BenchRoom>;
  /** Taken over instead of an empty database. */
  readonly prepare?: (database: Database) => Promise<void>;
}

/** The rooms of access behind a real HTTP server on loopback, over a real database. */
export interface AccessBench {
  readonly access: Access;
  /** What `access` was made of: for another one on the same database. */
  readonly deps: AccessDeps;
  readonly clock: FakeClock;
  readonly database: Database;
  readonly facts: FactBus;
  /** Settings in force; what is changed here works at once. */
  readonly settings: { -readonly [Name in keyof AccessSettings]: AccessSettings[Name] };
  readonly errors: unknown[];
  /** How many statements the room has had run outside transactions. */
  readonly queries: () => number;
  readonly base: string;
  /** A client with cookies of its own. */
  browser(headers?: Record<string, string>): Browser;
  /** The administrator of the first start, signed in. */
  admin(headers?: Record<string, string>): Promise<Browser>;
  close(): Promise<void>;
}

export const ADMIN_PASSWORD = "first-password";

const SETTINGS: AccessSettings = {
  agentRealIpHeader: "",
  allowJwtIpChange: false,
  agentSecretKey: "global-agent-secret-of-32-letters",
  dashboardHost: "",
  forceAuth: false,
  jwtSecretKey: "k".repeat(64),
  jwtTimeout: 1,
  oauth2: {},
  siteName: "Ref",
  stepUp: "factor",
  webRealIpHeader: "",
};

export async function openBench(options: BenchOptions = {}): Promise<AccessBench> {
  const clock = createFakeClock();
  const { database, remove } = await openTemporaryDatabase({ clock });
  await options.prepare?.(database);
  const errors: unknown[] = [];
  const facts = createFactBus({ onListenerError: (_name, error) => errors.push(error) });
  let queries = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      queries++;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const settings = { ...SETTINGS, ...options.config };
  const deps: AccessDeps = {
    clock,
    random: randomBytes,
    config: { current: settings, isReservedHost: (host) => host.startsWith("127.0.0.1") },
    database: { ...database, stats: database.stats, kysely: database.kysely.withPlugin(counter) },
    passwords: createPasswords({ cost: 4 }),
    sealing: createSealing(new Uint8Array(32).fill(7)),
    facts,
    translate,
    onError: (error) => errors.push(error),
    warn: () => undefined,
    outbound: createOutbound({ clock, limits: fixedLimits.oauth2.outbound, allowed: providerAddresses(settings.oauth2) }),
    adminPassword: ADMIN_PASSWORD,
    showFirstPassword: () => undefined,
    onSession: () => undefined,
    ownerOfServer: () => undefined,
    tellGroup: async () => undefined,
    notificationGroupOwner: async () => undefined,
    serversOfGroup: () => undefined,
    rowsOf: async () => [],
    rows: { ownedBy: async () => [], handOver: async () => undefined, serversOf: async () => [], moveServers: async () => [] },
    countryOf: async () => "",
    cascades: [],
    demotedCascades: [],
    pageSize: 500,
    rowsPerMember: 1_000,
    ...options.deps,
  };
  const access = await createAccess(deps);
  access.start();
  const { base, close } = await serve(access, options, errors, await options.room?.({ access, clock, database, facts, errors }));
  const browser = (headers: Record<string, string> = {}): Browser => createBrowser(base, headers);
  return {
    access,
    deps,
    clock,
    database,
    facts,
    settings,
    errors,
    queries: () => queries,
    base,
    browser,
    admin: async (headers) => browser(headers).signIn("admin", ADMIN_PASSWORD),
    async close() {
      await close();
      await access.stop();
      await remove();
    },
  };
}

const translate: Translate = (id, ...args) => args.reduce((text: string, arg) => text.replace("%d", String(arg)), id);

async function serve(
  access: Access,
  options: BenchOptions,
  errors: unknown[],
  room: BenchRoom = {},
): Promise<{ base: string; close: () => Promise<void> }> {
  const app = await createHttpApp({
    gate: access.gate,
    routes: [...access.routes, ...(options.routes ?? []), ...(room.routes ?? [])],
    sockets: [...(options.sockets?.(access) ?? []), ...(room.sockets ?? [])],
    translate,
    ...testLimits,
    version: "0.0.0",
    pages: (request, reply) => reply.code(404).send(`page ${request.visit.path}`),
    foreignOrigin: () => false,
    onError: (error) => errors.push(error),
  });
  const server = createServer(app.handle).on("upgrade", app.upgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await app.close();
  };
  return { base: `http://127.0.0.1:${port}`, close };
}
