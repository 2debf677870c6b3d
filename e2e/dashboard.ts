import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { systemClock } from "@windfire/kit";
import { unusedPort } from "@windfire/testkit";
import { readAgentSecret } from "../tools/start/config-file.ts";
import { startDashboard } from "../tools/start/dashboard.ts";
import type { Program, ProgramEnd } from "../tools/start/program.ts";

const MAIN = fileURLToPath(new URL("../apps/dashboard/src/main.ts", import.meta.url));
/** A little more than the five seconds that the dashboard gives its own connections. */
const STOP_MS = 7_000;

export const ADMIN = { username: "admin", password: "admin" } as const;

export interface DashboardOptions {
  /** Lines added to config.yaml. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real dashboard in a process of its own, on an empty folder of its own. */
export interface Dashboard {
  /** `http://127.0.0.1:<port>` */
  readonly base: string;
  /** `host:port` for agents. */
  readonly target: string;
  readonly folder: string;
  readonly agentSecret: string;
  /** Of the process that runs now. */
  pid(): number;
  /** What it has printed so far, over all its runs. */
  output(): string;
  /** Asks it to stop, and tells how it ended. */
  stop(): Promise<ProgramEnd>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Runs it again, on the same folder and port, after it has ended. */
  start(): Promise<void>;
  /** Stops it when it runs, removes the folder, and throws when it did not end cleanly. */
  close(): Promise<void>;
}

/** Starts a dashboard and waits until it listens. Throws with what it printed when it ends before. */
export async function openDashboard(options: DashboardOptions = {}): Promise<Dashboard> {
  const folder = await mkdtemp(join(tmpdir(), "windfire-stage-"));
  const port = await unusedPort();
  const target = `127.0.0.1:${port}`;
  await writeFile(join(folder, "config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${port}\n${options.config ?? ""}`);
  const printed = recorder();
  const env = { ...withoutSettings(process.env), NZ_ADMIN_PASSWORD: ADMIN.password, ...options.env };
  let program: Program | undefined;
  const start = async (): Promise<void> => {
    const run = startDashboard({ clock: systemClock, output: printed.stream, errors: printed.stream, env, file: MAIN }, folder);
    program = run.program;
    const listens = await Promise.race([run.target.then(() => true), run.program.ended.then(() => false)]);
    if (!listens) throw new Error(`the dashboard did not start:\n${printed.text()}`);
  };
  const running = (): Program => {
    if (program === undefined) throw new Error("the dashboard does not run");
    return program;
  };
  const stop = async (): Promise<ProgramEnd> => {
    const end = await running().stop(STOP_MS);
    program = undefined;
    return end;
  };
  await start();
  return {
    base: `http://${target}`,
    target,
    folder,
    agentSecret: await readAgentSecret(join(folder, "config.yaml"), {}),
    pid: () => {
      const { pid } = running();
      if (pid === undefined) throw new Error("the dashboard has no process");
      return pid;
    },
    output: printed.text,
    stop,
    kill: async () => {
      const { pid, ended } = running();
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      await ended;
      program = undefined;
    },
    start,
    close: async () => {
      const end = program === undefined ? undefined : await stop();
      await rm(folder, { recursive: true, force: true });
      if (end !== undefined && (end.kind !== "exit" || end.code !== 0))
        throw new Error(`the dashboard did not end cleanly: ${JSON.stringify(end)}\n${printed.text()}`);
    },
  };
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
