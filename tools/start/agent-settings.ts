import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { isNodeError } from "./config-file.ts";

/** How the own agent reaches the dashboard beside it. */
export interface AgentLink {
  /** `host:port` */
  readonly server: string;
  readonly secret: string;
}

/**
 * Whoever starts this agent has started the dashboard too, as the same user, so the agent may do what it is asked for. A program that runs
 * from its source is updated with it, never by itself.
 */
const FIRST_SETTINGS = {
  permits: { report: true, probes: true, commands: true, terminal: true, files: true, nat: true, config: true },
  disable_auto_update: true,
  disable_force_update: true,
};

/**
 * Writes where to connect into the agent's configuration and keeps everything else that stands there, above all the `uuid` by which the
 * dashboard knows this machine.
 */
export async function writeAgentSettings(path: string, link: AgentLink, newUuid: () => string): Promise<void> {
  const present = await readSettings(path);
  const settings = {
    ...(present ?? FIRST_SETTINGS),
    server: link.server,
    client_secret: link.secret,
    tls: false,
    uuid: present?.["uuid"] ?? newUuid(),
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  await writeFile(`${path}.new`, stringify(settings), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function readSettings(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isNodeError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
  const settings: unknown = parse(text);
  if (settings === null) return undefined;
  if (typeof settings !== "object" || Array.isArray(settings)) throw new Error(`${path} holds no settings by name`);
  return settings as Record<string, unknown>;
}

/** Both programs read variables that begin with `NZ_`: those of the dashboard are not meant for the agent. */
export function agentEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith("NZ_")));
}
