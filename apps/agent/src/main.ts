import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { parseArguments, USAGE } from "./arguments.ts";
import { findAddresses } from "./collect/index.ts";
import type { RightsChange } from "./commands/change-rights.ts";
import { createAgent } from "./compose.ts";
import { configDisk, configText, createConfigStore } from "./config/index.ts";
import type { ConfigStore, Outcome } from "./config/index.ts";
import { findConfigPath, installedConfigPath } from "./config-path.ts";
import { faultText } from "./fault.ts";
import { createLog } from "./log.ts";
import { RELEASE } from "./release.ts";
import { agentClock } from "./system/clock.ts";
import { fetchPage } from "./system/fetch-page.ts";
import { ROOT_VARIABLE, updateProgram, updateSource } from "./system/updates.ts";

/** How long the agent may take to end after a signal. */
const STOP_DEADLINE_MS = 800;

/** Set by the single executable for what it starts. */
const EXECUTABLE_VARIABLE = "WINDFIRE_EXECUTABLE";

/** An agent computes next to nothing, so the compilers that make hot code fast would only take memory. */
const SMALL_MEMORY_FLAGS = ["--no-opt", "--no-maglev", "--no-sparkplug"];

async function main(args: readonly string[]): Promise<void> {
  const invocation = parseArguments(args);
  switch (invocation.kind) {
    case "run":
      return run(findConfigPath(invocation.configPath));
    case "rights":
      return changeRights(findConfigPath(invocation.configPath), invocation.change);
    case "service":
      return controlService(invocation.configPath, invocation.action);
    case "enrol":
      return enrol(invocation.configPath, invocation.address, invocation.code ?? process.env["WF_CODE"]);
    case "unpack":
      return unpack(resolve(invocation.folder));
    case "edit":
      return editConfig(findConfigPath(invocation.configPath));
    case "update":
      return updateNow(findConfigPath(invocation.configPath), invocation.force);
    case "version":
      process.stdout.write(`windfire-agent version ${RELEASE}\n`);
      return;
    case "help":
      process.stdout.write(USAGE);
      return;
    case "find-addresses":
      process.stdout.write(JSON.stringify(await findAddresses(fetchPage, invocation.pages)));
      return;
    case "wrong":
      process.stderr.write(`${invocation.error}\n\n${USAGE}`);
      process.exitCode = 1;
  }
}

async function changeRights(path: string, change: RightsChange | undefined): Promise<void> {
  const { runRightsCommand } = await import("./commands/rights-command.ts");
  const done = await runRightsCommand({ clock: agentClock, path, print }, change);
  conclude(done.ok && change !== undefined ? await fitServiceSandbox(path) : done);
}

/** systemd gives a service its powers at its start alone, so they follow what the host permits. */
async function fitServiceSandbox(path: string): Promise<Outcome<undefined>> {
  const [{ fitSandbox }, { readRights }, { agentService }, { thisHost }] = await Promise.all([
    import("./commands/sandbox.ts"),
    import("./commands/rights-command.ts"),
    import("./commands/service-command.ts"),
    import("@windfire/service"),
  ]);
  const [rights, source] = [await readRights({ clock: agentClock, path }), await updateSource(path)];
  if (!rights.ok) return rights;
  const service = agentService(path, installedConfigPath(process.platform, process.env));
  return fitSandbox({ host: thisHost, service, print }, rights.value, source.ok && source.value !== undefined);
}

async function controlService(givenPath: string | undefined, action: string | undefined): Promise<void> {
  const { runServiceCommand } = await import("./commands/service-command.ts");
  const defaultPath = installedConfigPath(process.platform, process.env);
  const configPath = servicePath(givenPath);
  const isExecutable = process.env[EXECUTABLE_VARIABLE] !== undefined;
  const deps = { store: storeAt(configPath), configPath, defaultPath, entry: ownFile(), isExecutable, print };
  const done = await runServiceCommand(deps, action);
  conclude(done.ok && action === "install" ? await fitServiceSandbox(configPath) : done);
}

async function enrol(givenPath: string | undefined, address: string, code: string | undefined): Promise<void> {
  if (code === undefined || code === "") return conclude({ ok: false, error: "enrol needs the code that the dashboard shows" });
  const [{ runEnrolCommand }, { postJson }] = await Promise.all([import("./commands/enrol-command.ts"), import("./system/post-json.ts")]);
  const configPath = servicePath(givenPath);
  const newUuid = (): string => crypto.randomUUID();
  const named = givenPath === undefined ? "" : ` -c ${configPath}`;
  const own = process.env[EXECUTABLE_VARIABLE] === undefined ? `${process.execPath} ${ownFile()}` : `${process.execPath} agent`;
  const serviceCommand = `${own} service${named}`;
  conclude(
    await runEnrolCommand({ store: storeAt(configPath), configPath, post: postJson, newUuid, serviceCommand, print }, address, code),
  );
}

/** Where the agent that runs as a service has its configuration. */
function servicePath(givenPath: string | undefined): string {
  return givenPath === undefined ? installedConfigPath(process.platform, process.env) : resolve(givenPath);
}

async function unpack(folder: string): Promise<void> {
  const { runUnpackCommand } = await import("./commands/unpack-command.ts");
  conclude(runUnpackCommand({ entry: ownFile(), version: RELEASE, platform: `${process.platform}-${process.arch}`, print }, folder));
}

async function editConfig(path: string): Promise<void> {
  const { runEditCommand } = await import("./commands/edit-command.ts");
  conclude(await runEditCommand({ store: storeAt(path), input: process.stdin, output: process.stdout }));
}

async function updateNow(configPath: string, force: boolean): Promise<void> {
  const source = await updateSource(configPath);
  if (!source.ok) return conclude(source);
  if (source.value === undefined) return conclude({ ok: false, error: `${configPath} names no update: manifest and key` });
  const found = await updateProgram(process.env[ROOT_VARIABLE], force)(source.value);
  if (!found.ok) return conclude(found);
  print(
    found.value === undefined
      ? `${RELEASE} is the newest version`
      : `${found.value} is tried from the next start on: windfire agent service restart`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function conclude(outcome: Outcome<undefined>): void {
  if (outcome.ok) return;
  process.stderr.write(`${outcome.error}\n`);
  process.exitCode = 1;
}

/** The file this program was started from. */
function ownFile(): string {
  return resolve(process.argv[1] ?? "");
}

function storeAt(path: string): ConfigStore {
  return createConfigStore({ path, environment: process.env, disk: configDisk, text: configText, randomUuid: () => crypto.randomUUID() });
}

async function run(path: string): Promise<void> {
  const store = storeAt(path);
  const config = await store.load();
  if (!config.ok) {
    process.stderr.write(`init config failed: ${config.error}\n`);
    process.exitCode = 1;
    return;
  }
  const agent = createAgent({
    clock: agentClock,
    store,
    config: config.value,
    environment: process.env,
    configPath: path,
    entry: process.argv[1] ?? "",
    log: (isDebug) => createLog({ write: (line) => void process.stdout.write(line), now: agentClock.now, isDebug }),
    random: Math.random,
  });
  let isStopping = false;
  /** Later signals change nothing: a Ctrl-C comes once of its own and once from the launcher. */
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(0), STOP_DEADLINE_MS).unref();
    void agent.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  agent.start();
}

/** Whoever reads what is printed may have seen enough. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

for (const flag of SMALL_MEMORY_FLAGS) setFlagsFromString(flag);
main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${faultText(error)}\n`);
  process.exitCode = 1;
});
