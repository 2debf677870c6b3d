import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { unusedPort } from "@windfire/testkit";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The release that is tried: `dist`, or the folder named by `WINDFIRE_DIST`. */
export const DIST = process.env["WINDFIRE_DIST"] ?? join(ROOT, "dist");
export const VERSION = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;

export const artefact = (name: string): string => join(DIST, name);

/** An empty folder, gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "windfire-artefact-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

export interface Ran {
  readonly code: number | null;
  readonly text: string;
}

/** Runs a command to its end in a folder. */
export function run(folder: string, command: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const [file = "", ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...cleanEnvironment(), ...env },
  });
  if (error) throw error;
  return { code: status, text: stdout + stderr };
}

/** What a user's shell has, and nothing of the Node that runs the tests. */
export function cleanEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
  const path = PATH.split(":").filter((part) => !existsSync(join(part, "node")) || part.startsWith("/usr"));
  return { PATH: path.join(":"), HOME, ...(TMPDIR === "" ? {} : { TMPDIR }) };
}

export interface RunningDashboard {
  readonly base: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** Signs in as admin; the header for further requests. */
  signIn(): Promise<Record<string, string>>;
  /** Asks it to stop; its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts a dashboard in a folder as its user would, on a free port of this machine.
 *
 * @param at the folder as the command sees it
 */
export async function startDashboard(
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
  at = folder,
): Promise<RunningDashboard> {
  const port = await unusedPort();
  writeFileSync(join(folder, "config.yaml"), `listen_host: 127.0.0.1\nlisten_port: ${port}\n`, { mode: 0o600 });
  const [file = "", ...words] = command;
  const child = spawn(file, [...words, "-c", join(at, "config.yaml"), "-db", join(at, "sqlite.db")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...cleanEnvironment(), NZ_ADMIN_PASSWORD: "a password", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  let isUp = false;
  for await (const line of createInterface({ input: child.stdout })) {
    isUp = line.includes("Dashboard::START ON");
    if (isUp) break;
  }
  if (!isUp) throw new Error(`the dashboard did not start: ${errors}`);
  child.stdout.resume();
  const base = `http://127.0.0.1:${port}`;
  return {
    base,
    port,
    child,
    signIn: async () => {
      const body = JSON.stringify({ username: "admin", password: "a password" });
      const answer = await fetch(`${base}/api/v1/login`, { method: "POST", body, headers: { "content-type": "application/json" } });
      const { data } = (await answer.json()) as { data: { token: string } };
      return { authorization: `Bearer ${data.token}`, "content-type": "application/json" };
    },
    stop: async () => {
      const ended = once(child, "exit") as Promise<[number | null]>;
      child.kill("SIGTERM");
      return (await ended)[0];
    },
  };
}

/** Pages, description, sign-in, maintenance in a thread, and an end in order. Returns the exit code. */
export async function useDashboard(dashboard: RunningDashboard): Promise<number | null> {
  for (const path of ["/", "/dashboard/", "/api/openapi.json", "/readyz", "/install/agent.sh", "/install/agent.bundle"]) {
    const { status } = await fetch(dashboard.base + path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
  }
  const headers = await dashboard.signIn();
  const answer = await fetch(`${dashboard.base}/api/v1/maintenance`, { method: "POST", headers });
  if (!answer.ok) throw new Error(`maintenance answers ${answer.status}`);
  return dashboard.stop();
}
