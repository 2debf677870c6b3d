import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { unusedPort } from "@windfire/testkit";
import { makeCertificate } from "../agent/certificate.ts";
import { RECIPES } from "./configurations.ts";
import type { ProxyName } from "./configurations.ts";

/** A reverse proxy as docs/operations/reverse-proxy.md describes it. */
export interface Proxy {
  /** On the loopback address, for browsers. */
  readonly port: number;
  /** The same for agents. */
  readonly agentPort: number;
  close(): Promise<void>;
}

/** How long a proxy may take until it listens, and how often it is asked. */
const START = { timeout: 20_000, interval: 50 };

/** Whether the program is there. */
export function isInstalled(name: ProxyName): boolean {
  return process.platform === "linux" && ["/usr/sbin", "/usr/bin", "/usr/local/bin"].some((folder) => existsSync(join(folder, name)));
}

/** @param dashboard `host:port` without TLS */
export async function openProxy(name: ProxyName, dashboard: string, { tls }: { readonly tls: boolean }): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), `windfire-${name}-`));
  const { certificate, key } = makeCertificate(folder);
  await writeFile(join(folder, "both.pem"), certificate + key, { mode: 0o600 });
  const [port, agentPort] = [await unusedPort(), await unusedPort()];
  const recipe = RECIPES[name]({ folder, port, agentPort, dashboard, tls });
  await writeFile(join(folder, recipe.file), recipe.text);
  const [program, ...args] = recipe.command;
  // Caddy keeps what it remembers in the home folder.
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, PATH: `${process.env["PATH"]}:/usr/sbin` };
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-10_000)));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await vi.waitUntil(() => child.exitCode !== null || answers(recipe.agentPort), START);
  if (child.exitCode !== null) throw new Error(`${name} did not start:\n${said}`);
  return {
    port,
    agentPort: recipe.agentPort,
    close: async () => {
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
