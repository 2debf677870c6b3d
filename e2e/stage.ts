import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { systemClock } from "@windfire/kit";
import { createFakeAgent } from "@windfire/testkit";
import type { FakeAgent } from "@windfire/testkit";
import { freePort } from "../tools/free-port.ts";
import { readAgentSecret } from "../tools/start/config-file.ts";
import { startDashboard } from "../tools/start/dashboard.ts";
import { createApi } from "./api.ts";
import type { Api } from "./api.ts";

const MAIN = fileURLToPath(new URL("../apps/dashboard/src/main.ts", import.meta.url));
const STOP_MS = 7_000;
const REPORT_MS = 1_000;

export const ADMIN = { username: "admin", password: "admin" } as const;

export interface StageOptions {
  /** Scripted agents that are connected and report every second. */
  readonly agents?: number;
  /** Lines added to config.yaml. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real dashboard on an empty folder of its own, with scripted agents. */
export interface Stage {
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  /** `host:port` for agents. */
  readonly target: string;
  readonly folder: string;
  readonly agentSecret: string;
  readonly agents: readonly FakeAgent[];
  /** Signed in as the administrator. */
  readonly admin: Api;
  /** Connects one more agent. */
  addAgent(): Promise<FakeAgent>;
  /** What the dashboard has printed so far. */
  output(): string;
  /** Stops everything, removes the folder, and throws when the dashboard did not end cleanly. */
  close(): Promise<void>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "windfire-stage-"));
  const port = await freePort();
  await writeFile(join(folder, "config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${port}\n${options.config ?? ""}`);
  const printed = recorder();
  const env = { ...withoutSettings(process.env), NZ_ADMIN_PASSWORD: ADMIN.password, ...options.env };
  const { program, target } = startDashboard(
    { clock: systemClock, output: printed.stream, errors: printed.stream, env, file: MAIN },
    folder,
  );
  const reached = await Promise.race([target, program.ended.then(() => undefined)]);
  if (reached === undefined) throw new Error(`the dashboard did not start:\n${printed.text()}`);
  const agentSecret = await readAgentSecret(join(folder, "config.yaml"), {});
  const crowd = createCrowd(reached, agentSecret);
  for (let count = 0; count < (options.agents ?? 0); count++) await crowd.add();
  const base = `http://${reached}`;
  return {
    base,
    target: reached,
    folder,
    agentSecret,
    agents: crowd.agents,
    admin: await createApi(base, ADMIN),
    addAgent: crowd.add,
    output: printed.text,
    close: async () => {
      crowd.leave();
      const end = await program.stop(STOP_MS);
      await rm(folder, { recursive: true, force: true });
      if (end.kind !== "exit" || end.code !== 0)
        throw new Error(`the dashboard did not end cleanly: ${JSON.stringify(end)}\n${printed.text()}`);
    },
  };
}

interface Crowd {
  readonly agents: readonly FakeAgent[];
  add(): Promise<FakeAgent>;
  leave(): void;
}

function createCrowd(target: string, secret: string): Crowd {
  const agents: FakeAgent[] = [];
  const report = (agent: FakeAgent): void => void agent.report().catch(() => undefined);
  const timer = setInterval(() => agents.forEach(report), REPORT_MS);
  return {
    agents,
    add: async () => {
      const number = agents.length + 1;
      const agent = createFakeAgent({ target, secret, uuid: uuidOf(number), ipv4: `203.0.113.${number % 256}` });
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

function uuidOf(number: number): string {
  return `5e5e0000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

function recorder(): { stream: PassThrough; text: () => string } {
  let text = "";
  const stream = new PassThrough();
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

/** The settings of whoever runs the tests are none of theirs. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("NZ_")));
}
