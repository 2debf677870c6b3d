import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { WebSocket } from "ws";
import { openPackedAgent } from "../agent/packed-agent.ts";
import type { PackedAgent } from "../agent/packed-agent.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";
import { ask, openSocket } from "./client.ts";
import type { Answer, Asker } from "./client.ts";
import type { ProxyName } from "./configurations.ts";
import { openProxy } from "./proxy.ts";
import type { Proxy } from "./proxy.ts";

/** Of this machine, and not the one that everybody else here comes from. */
export const PERSON = "127.0.0.2";
/** What a client claims that would like to be somebody else. */
export const SPOOFED = { "nz-realip": "192.0.2.66", "x-forwarded-proto": "https" };

interface Row {
  readonly id: number;
  readonly last_active: string;
}

export interface Terminal {
  readonly socket: WebSocket;
  output(): string;
}

/** A dashboard, a proxy before it, an agent and a person that both come through the proxy. */
export interface Stage {
  readonly dashboard: Dashboard;
  readonly proxy: Proxy;
  readonly agent: PackedAgent;
  readonly person: Asker;
  /** How the person's sign-in was answered. */
  readonly signIn: Answer;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The agent's row. */
  server(): Promise<Row>;
  /** A shell that has said something. */
  openTerminal(): Promise<Terminal>;
  close(): Promise<void>;
}

export async function openStage(name: ProxyName, tls: boolean): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "windfire-proxied-"));
  const dashboard = await openDashboard({ config: "web_real_ip_header: nz-realip\nagent_real_ip_header: nz-realip\n" });
  const proxy = await openProxy(name, dashboard.target, { tls });
  const agent = await openPackedAgent({ folder, config: agentConfig(proxy.agentPort, dashboard.agentSecret, tls) });
  const person = { port: proxy.port, tls, from: PERSON };
  const signIn = await ask(person, "/api/v1/login", { method: "POST", body: ADMIN, headers: SPOOFED });
  const { token } = (JSON.parse(signIn.text) as { data: { token: string } }).data;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { text } = await ask(person, `/api/v1${path}`, { method, body, headers: { authorization: `Bearer ${token}` } });
    const answer = JSON.parse(text) as { success: boolean; data: T };
    if (!answer.success) throw new Error(`${method} ${path}: ${text}`);
    return answer.data;
  };
  const server = async (): Promise<Row> => {
    await expect.poll(() => call<Row[]>("GET", "/server"), { message: "the agent registers" }).toHaveLength(1);
    const [row] = await call<Row[]>("GET", "/server");
    return row ?? expect.fail(agent.output());
  };
  return {
    dashboard,
    proxy,
    agent,
    person,
    signIn,
    call,
    server,
    openTerminal: async () => {
      const { id: serverId } = await server();
      // The row is there before the agent's stream of tasks is.
      const open = (): Promise<{ session_id: string }> => call("POST", "/terminal", { server_id: serverId });
      const { session_id: id } = await vi.waitFor(open, { timeout: 15_000 });
      const socket = await openSocket(person, `/api/v1/ws/terminal/${id}`, token);
      let text = "";
      socket.on("message", (bytes: Buffer) => (text += bytes.toString()));
      await expect.poll(() => text).not.toBe("");
      return { socket, output: () => text };
    },
    close: async () => {
      await agent.stop();
      await proxy.close();
      await dashboard.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function agentConfig(port: number, secret: string, tls: boolean): string {
  return `server: localhost:${port}
client_secret: ${secret}
uuid: 3f2b8c1e-5a77-4d0e-9b1c-0d6a2e4f8a90
tls: ${tls}
insecure_tls: ${tls}
report_delay: 1
custom_ip_api:
  - http://127.0.0.1:9/
permits:
  terminal: true
  nat: 127.0.0.1:*
`;
}
