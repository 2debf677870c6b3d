import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { openDatabase } from "#platform/database";
import { temporaryPlace } from "#platform/database/testing";
import type { Database } from "#platform/database";
import { composeDashboard } from "../../compose.ts";
import type { Dashboard } from "../../compose.ts";
import { placeOf } from "./place.ts";

export interface CallAnswer {
  readonly status: number;
  readonly error: string;
  readonly success: boolean | undefined;
  readonly data: unknown;
  /** The answer as it came. */
  readonly text: string;
}

export type Headers = Readonly<Record<string, string>>;

/** The whole program on loopback, in a folder of its own. */
export interface DashboardBench {
  readonly dashboard: Dashboard;
  /** Origin, as `http://127.0.0.1:1`. */
  readonly base: string;
  readonly databasePath: string;
  call(method: string, path: string, headers: Headers, body?: unknown): Promise<CallAnswer>;
  /** Headers of somebody who is signed in. */
  signIn(username: string, password: string): Promise<{ readonly authorization: string }>;
  close(): Promise<void>;
}

export async function openDashboardBench(
  options: {
    config?: string;
    clock?: Clock;
    history?: boolean;
    prepare?: (database: Database) => Promise<void>;
    /** Where it listens if it is started. */
    port?: number;
    /** One of several on this database. */
    among?: { readonly replica: string; readonly database: Database };
  } = {},
): Promise<DashboardBench> {
  const directory = await mkdtemp(join(tmpdir(), "windfire-whole-"));
  const configPath = join(directory, "config.yaml");
  const shared = placeOf(options.history === true ? "on" : "off");
  await writeFile(configPath, `listen_host: 127.0.0.1\nlisten_port: 0\n${shared}${options.config ?? ""}`);
  const databasePath = join(directory, "sqlite.db");
  const place = await temporaryPlace(databasePath);
  if (options.prepare) {
    const log = { info: () => undefined, warn: () => undefined };
    const database = await openDatabase({ path: place.path, clock: systemClock, log, serviceHistories: true });
    await options.prepare(database);
    await database.close();
  }
  const dashboard = await composeDashboard({
    flags: { configPath, databasePath, version: false, ...(options.port === undefined ? {} : { port: options.port }) },
    env: { NZ_ADMIN_PASSWORD: "admin-password", ...(place.isFile ? {} : { NZ_DATABASE: place.path }) },
    clock: options.clock ?? systemClock,
    output: { write: () => true },
    ...options.among,
  });
  const server = createServer(dashboard.web.handle).on("upgrade", dashboard.web.upgrade);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call: DashboardBench["call"] = async (method, path, headers, body) => {
    const init = { method, headers, redirect: "manual", ...(body === undefined ? {} : { body: JSON.stringify(body) }) } as const;
    const response = await fetch(base + path, init);
    const text = await response.text();
    const answer = (text.startsWith("{") ? JSON.parse(text) : {}) as { success?: boolean; error?: string; data?: unknown };
    return { status: response.status, error: answer.error ?? "", success: answer.success, data: answer.data, text };
  };
  return {
    dashboard,
    base,
    databasePath,
    call,
    async signIn(username, password) {
      const { data, error } = await call("POST", "/api/v1/login", { "content-type": "application/json" }, { username, password });
      if (error !== "") throw new Error(`cannot sign in as ${username}: ${error}`);
      return { authorization: `Bearer ${(data as { token: string }).token}` };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await dashboard.stop(5000);
      await rm(directory, { recursive: true, force: true });
      place.giveBack();
    },
  };
}
