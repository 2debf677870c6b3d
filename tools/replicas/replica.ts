import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { unusedPort } from "@windfire/testkit";
import { FOLLOW_PARENT } from "../launch.mjs";
import { programFile } from "../packed.mjs";

const LAUNCHER = fileURLToPath(new URL("../node.mjs", import.meta.url));
const PASSWORD = "admin-password";
const START_MS = 60_000;
const LOOK_MS = 50;

/** One dashboard, a process of its own. */
export interface Replica {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Lines of its log. */
  readonly log: readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal, when it is gone. */
  readonly gone: () => Promise<number | string>;
  /** Starts it again after its end, and waits until it is ready. */
  start(): Promise<void>;
  /** The `data` of an answer, asked as the administrator. @throws with its error */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  token(): Promise<string>;
}

/** Starts one in its folder by a configuration, and waits until it is ready. */
export async function openReplica(name: string, folder: string, config: string): Promise<Replica> {
  const port = await unusedPort();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.yaml"), config.replace(/listen_port: \d+/, `listen_port: ${port}`));
  const log: string[] = [];
  let child: ChildProcess;
  let ended: Promise<unknown[]>;
  const start = async (): Promise<void> => {
    const { file } = programFile("dashboard");
    child = spawn(process.execPath, [LAUNCHER, file, "-c", join(folder, "config.yaml"), "-db", join(folder, "sqlite.db")], {
      env: { ...process.env, NZ_ADMIN_PASSWORD: PASSWORD, NODE_ENV: "production", [FOLLOW_PARENT]: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    ended = once(child, "exit");
    for (const output of [child.stdout, child.stderr]) if (output) createInterface({ input: output }).on("line", (line) => log.push(line));
    await isReady(port, child, log);
  };
  await start();
  let token: Promise<string> | undefined;
  const signIn = (): Promise<string> =>
    (token ??= ask<{ token: string }>(port, "POST", "/login", { body: { username: "admin", password: PASSWORD } }).then(
      (answer) => answer.token,
    ));
  return {
    name,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    log,
    signal: (signal) => void child.kill(signal),
    async gone() {
      const [code, signal] = (await ended) as [number | null, string | null];
      return code ?? signal ?? "";
    },
    start,
    token: signIn,
    call: async (method, path, body) => ask(port, method, path, { token: await signIn(), body }),
  };
}

async function isReady(port: number, child: ChildProcess, log: readonly string[]): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`a dashboard does not start: ${log.slice(-20).join("\n")}`);
    await pause(LOOK_MS);
  }
}

async function ask<T>(port: number, method: string, path: string, { token, body }: { token?: string; body?: unknown }): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { data?: T; error?: string };
  if (answer.error !== undefined || answer.data === undefined) throw new Error(answer.error ?? "no data");
  return answer.data;
}
