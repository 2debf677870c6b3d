import { lstat, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder, reasonOf, systemCode } from "@windfire/kit";
import { parse } from "yaml";

/** Every scalar is its text: a secret of digits keeps them. */
const AS_WRITTEN = { schema: "failsafe", logLevel: "error" } as const;
const EMPTY = new Set(["", "~", "null", "Null", "NULL"]);

const ONLY_HERE = `# Only this machine reaches the dashboard. Put a reverse proxy with TLS before it, or remove the line to listen everywhere.
listen_host: 127.0.0.1
`;

const UNKNOWN_ZONE = "Etc/Unknown";

/** With the host's time zone: what is said without one means Shanghai's, which surprises most people. */
function newConfig(env: NodeJS.ProcessEnv): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (env["NZ_LOCATION"] || zone === UNKNOWN_ZONE) return ONLY_HERE;
  return `${ONLY_HERE}# Time zone of tasks, planned work, reports and days.\nlocation: ${zone}\n`;
}

/**
 * Creates a missing configuration that listens on this machine alone, unless a variable says where to listen. An existing one is left
 * as it is. Fails with a sentence that names the file.
 */
export async function ensureConfig(path: string, env: NodeJS.ProcessEnv): Promise<"created" | "exists"> {
  try {
    await makeFolder(dirname(path), 0o750);
    if (env["NZ_LISTENHOST"] || env["NZ_LISTEN_HOST"]) return "exists";
    await writeFile(path, newConfig(env), { flag: "wx", mode: 0o600 });
    return "created";
  } catch (error) {
    // Whatever is there is for the dashboard to judge.
    if (systemCode(error) === "EEXIST" && (await exists(path))) return "exists";
    throw new Error(`cannot make ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Takes back what `ensureConfig` created when nothing was written to it since: the start has failed. */
export async function removeUntouchedConfig(path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === newConfig(env)) await rm(path, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/**
 * The secret that every agent may sign in with. The dashboard writes it to its configuration at the first start; older files name it
 * without underscores, and the environment may give it instead (spec 41 section 4.2). Throws when there is none.
 */
export async function readAgentSecret(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const document: unknown = parse(await readFile(path, "utf8"), AS_WRITTEN);
  const fromFile = textUnder(document, "agentsecretkey");
  const secret = fromFile ?? env["NZ_AGENTSECRETKEY"] ?? env["NZ_AGENT_SECRET_KEY"];
  if (!secret) throw new Error(`${path} has no agent_secret_key`);
  return secret;
}

function textUnder(document: unknown, plainName: string): string | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const named = Object.entries(document).filter(([name]) => name.replaceAll("_", "").toLowerCase() === plainName);
  const exact = named.find(([name]) => name.includes("_")) ?? named[0];
  return exact === undefined || EMPTY.has(String(exact[1])) ? undefined : String(exact[1]);
}
