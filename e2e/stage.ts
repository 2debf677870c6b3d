import type { Host } from "@windfire/protocol";
import { createFakeAgent } from "@windfire/testkit";
import type { FakeAgent } from "@windfire/testkit";
import { createApi } from "./api.ts";
import type { Api } from "./api.ts";
import { ADMIN, openDashboard } from "./dashboard.ts";
import type { DashboardOptions } from "./dashboard.ts";

export { ADMIN } from "./dashboard.ts";

const REPORT_MS = 1_000;

export interface StageOptions extends DashboardOptions {
  /** Scripted agents that are connected and report every second. */
  readonly agents?: number;
  /** What they say of their hosts, where it is not the usual. */
  readonly host?: Partial<Host>;
}

/** A real dashboard on an empty folder of its own, with scripted agents. */
export interface Stage {
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  /** Where configuration and database lie. */
  readonly folder: string;
  readonly agents: readonly FakeAgent[];
  /** Signed in as the administrator. */
  readonly admin: Api;
  /** Connects one more agent, with the secret that every agent may use or with that of a user, from an address that says its country or not. */
  addAgent(secret?: string, ipv4?: string): Promise<FakeAgent>;
  /** What the dashboard calls the server of an agent. */
  nameOf(agent: FakeAgent | undefined): Promise<string>;
  /** Stops everything, removes the folder, and throws when the dashboard did not end cleanly. */
  close(): Promise<void>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const dashboard = await openDashboard(options);
  const crowd = createCrowd(dashboard.target, dashboard.agentSecret, options.host);
  for (let count = 0; count < (options.agents ?? 0); count++) await crowd.add();
  const admin = await createApi(dashboard.base, ADMIN);
  return {
    base: dashboard.base,
    folder: dashboard.folder,
    agents: crowd.agents,
    admin,
    addAgent: crowd.add,
    nameOf: async (agent) => {
      const servers = await admin.get<{ name: string; uuid: string }[]>("/server");
      const server = servers.find(({ uuid }) => uuid === agent?.uuid);
      if (server === undefined) throw new Error("the agent is not a server");
      return server.name;
    },
    close: async () => {
      crowd.leave();
      await dashboard.close();
    },
  };
}

interface Crowd {
  readonly agents: readonly FakeAgent[];
  add(secret?: string, ipv4?: string): Promise<FakeAgent>;
  leave(): void;
}

function createCrowd(target: string, commonSecret: string, host: Partial<Host> = {}): Crowd {
  const agents: FakeAgent[] = [];
  let numbers = 0;
  // A closed agent, or one whose dashboard has gone, has nobody to report to: its test says what has to follow.
  const report = (agent: FakeAgent): void => void agent.report().catch(() => undefined);
  const timer = setInterval(() => agents.forEach(report), REPORT_MS);
  return {
    agents,
    add: async (secret = commonSecret, ipv4?: string) => {
      const number = ++numbers;
      const agent = createFakeAgent({ target, secret, uuid: uuidOf(number), ipv4: ipv4 ?? `203.0.113.${number % 256}`, host });
      await agent.connect();
      await agent.report();
      agents.push(agent);
      return agent;
    },
    leave: () => {
      clearInterval(timer);
      for (const agent of agents) agent.close();
    },
  };
}

/** A UUID that tells its number. */
export function uuidOf(number: number): string {
  return `5e5e0000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
