import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, reasonOf, systemCode } from "@windfire/kit";
import { isMap, parseDocument, Scalar, stringify } from "yaml";

/** How the own agent reaches the dashboard beside it. */
export interface AgentLink {
  /** `host:port` */
  readonly server: string;
  readonly secret: string;
}

/** Every scalar is its text: numbers that somebody wrote keep their digits. */
const AS_WRITTEN = { schema: "failsafe", logLevel: "error" } as const;

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
  const text = await readText(path);
  const document = parseDocument(text ?? stringify(FIRST_SETTINGS), AS_WRITTEN);
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents)))
    throw new Error(`${path} holds no settings by name`);
  if (!document.get("uuid")) document.set("uuid", newUuid());
  for (const [name, value] of Object.entries({ server: link.server, client_secret: link.secret, tls: "false" })) {
    // What is right already keeps the way it is written.
    if (document.get(name) !== value) document.set(name, name === "client_secret" ? quoted(value) : value);
  }
  const next = document.toString({ lineWidth: 0 });
  if (next === text) return;
  await makeFolder(dirname(path), 0o750);
  await writeFile(`${path}.new`, next, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** A secret of digits is a text for every reader. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw new Error(`cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Both programs read variables that begin with `NZ_`: those of the dashboard are not meant for the agent. */
export function agentEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith("NZ_")));
}
