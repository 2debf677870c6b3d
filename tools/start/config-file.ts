import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parse } from "yaml";

const NEW_CONFIG = `# Only this machine reaches the dashboard. Put a reverse proxy with TLS before it, or remove the line to listen everywhere.
listen_host: 127.0.0.1
`;

/** Creates a missing configuration that listens on this machine alone. An existing one is left as it is. */
export async function ensureConfig(path: string): Promise<"created" | "exists"> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  try {
    await writeFile(path, NEW_CONFIG, { flag: "wx", mode: 0o600 });
    return "created";
  } catch (error) {
    if (isNodeError(error) && error.code === "EEXIST") return "exists";
    throw error;
  }
}

/**
 * The secret that every agent may sign in with. The dashboard writes it to its configuration at the first start; older files name it
 * without underscores, and the environment may give it instead (spec 41 section 4.2). Throws when there is none.
 */
export async function readAgentSecret(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const document: unknown = parse(await readFile(path, "utf8"));
  const fromFile = textUnder(document, "agentsecretkey");
  const secret = fromFile ?? env["NZ_AGENTSECRETKEY"] ?? env["NZ_AGENT_SECRET_KEY"];
  if (!secret) throw new Error(`${path} has no agent_secret_key`);
  return secret;
}

function textUnder(document: unknown, plainName: string): string | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const named = Object.entries(document).filter(([name]) => name.replaceAll("_", "").toLowerCase() === plainName);
  const exact = named.find(([name]) => name.includes("_")) ?? named[0];
  return exact === undefined || exact[1] === null ? undefined : String(exact[1]);
}

export function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
