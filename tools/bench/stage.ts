import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "@windfire/kit";
import { unusedPort } from "@windfire/testkit";
import { programFile } from "../packed.mjs";
import { pack } from "../programs.ts";
import { readAgentSecret } from "../start/config-file.ts";
import { startDashboard } from "../start/dashboard.ts";
import { readProcessCost } from "./process-cost.ts";
import type { ProcessCost } from "./process-cost.ts";

const PASSWORD = "admin";
const STOP_MS = 10_000;
const LOOK_MS = 5;

/** A folder on which the dashboard is started, once or several times. */
export interface BenchFolder {
  readonly path: string;
  /** Starts the dashboard and waits until it answers. */
  start(): Promise<BenchDashboard>;
  remove(): Promise<void>;
}

export interface BenchDashboard {
  /** `host:port` */
  readonly target: string;
  readonly agentSecret: string;
  /** From starting the process to its first answer, milliseconds. */
  readonly startMs: number;
  readonly pid: number;
  /** Signs in as the administrator and returns the token. */
  signIn(): Promise<string>;
  serverIds(): Promise<number[]>;
  cost(): Promise<ProcessCost>;
  stop(): Promise<void>;
}

export async function createBenchFolder(): Promise<BenchFolder> {
  const folder = await mkdtemp(join(tmpdir(), "windfire-bench-"));
  const port = await unusedPort();
  await pack("dashboard");
  await writeFile(join(folder, "config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${port}\nlocation: UTC\n`);
  return {
    path: folder,
    start: () => startOn(folder, `127.0.0.1:${port}`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function startOn(folder: string, target: string): Promise<BenchDashboard> {
  const silent = new PassThrough().resume();
  const began = performance.now();
  const env = { ...process.env, NZ_ADMIN_PASSWORD: PASSWORD, NODE_ENV: "production" };
  const { program } = startDashboard(
    { clock: systemClock, output: silent, errors: process.stderr, env, file: programFile("dashboard").file },
    folder,
  );
  const ended = program.ended.then((end) => {
    throw new Error(`the dashboard ended: ${JSON.stringify(end)}`);
  });
  ended.catch(() => undefined);
  await Promise.race([firstAnswer(`http://${target}/api/v1/setting`), ended]);
  const startMs = performance.now() - began;
  const agentSecret = await Promise.race([writtenSecret(join(folder, "config.yaml")), ended]);
  const { pid } = program;
  if (pid === undefined) throw new Error("the dashboard has no process");
  return {
    target,
    agentSecret,
    startMs,
    pid,
    signIn: () => signIn(target),
    serverIds: async () => {
      const headers = { authorization: `Bearer ${await signIn(target)}` };
      const response = await fetch(`http://${target}/api/v1/server`, { headers });
      const { data } = (await response.json()) as { data: { id: number }[] };
      return data.map(({ id }) => id);
    },
    cost: async () => (await readProcessCost(pid)) ?? { cpuSeconds: Number.NaN, residentMb: Number.NaN, anonymousMb: Number.NaN },
    stop: async () => void (await program.stop(STOP_MS)),
  };
}

/** The configuration is written when the dashboard listens: an answer may come before. */
async function writtenSecret(path: string): Promise<string> {
  for (;;) {
    try {
      return await readAgentSecret(path, {});
    } catch {
      await pause(LOOK_MS);
    }
  }
}

async function firstAnswer(url: string): Promise<void> {
  for (;;) {
    try {
      const { ok } = await fetch(url);
      if (ok) return;
    } catch {
      await pause(LOOK_MS);
    }
  }
}

async function signIn(target: string): Promise<string> {
  const response = await fetch(`http://${target}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "admin", password: PASSWORD }),
  });
  const { data } = (await response.json()) as { data?: { token: string } };
  if (data === undefined) throw new Error("signing in was refused");
  return data.token;
}
