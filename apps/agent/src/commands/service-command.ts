import { detectServiceManager, isServiceAction, MONITORING_SANDBOX, performService, serviceName, thisHost } from "@windfire/service";
import type { Host } from "@windfire/service";
import { dirname } from "node:path";
import type { ConfigStore, Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";

export interface ServiceCommandDeps {
  readonly store: Pick<ConfigStore, "loadForService">;
  readonly configPath: string;
  readonly defaultPath: string;
  /** The file this program was started from. */
  readonly entry: string;
  /** Started by the single executable, whose file is `process.execPath`. */
  readonly isExecutable?: boolean;
  readonly print: (line: string) => void;
  readonly host?: Host;
  readonly platform?: NodeJS.Platform;
}

/** The packed agent computes next to nothing: without compilers for hot code and a snapshot of modules it takes a sixth less memory. */
const PACKED_FLAGS = ["--lite-mode", "--no-node-snapshot", "--max-semi-space-size=1"];

/** The service of the agent that has this configuration. */
export function agentService(configPath: string, defaultPath: string): string {
  return serviceName("windfire-agent", configPath, defaultPath);
}

/** `windfire agent service <action>` (spec 21 section 1.1). */
export async function runServiceCommand(deps: ServiceCommandDeps, action: string | undefined): Promise<Outcome<undefined>> {
  const { host = thisHost, platform = process.platform } = deps;
  if (action === undefined) return fail("必须指定一个参数 (install, uninstall, start, stop or restart)");
  if (!isServiceAction(action)) return fail(`Unknown action ${action}`);
  const config = action === "install" ? await deps.store.loadForService() : succeed(undefined);
  if (!config.ok) return fail(`init config failed: ${config.error}`);
  const manager = detectServiceManager(platform, host.exists);
  if (manager === undefined) return fail("no service manager was found; run the agent in the foreground");
  const spec = {
    name: agentService(deps.configPath, deps.defaultPath),
    description: "Windfire agent",
    program: process.execPath,
    args: [...startWords(deps), "-c", deps.configPath],
    folder: deps.isExecutable === true ? dirname(deps.configPath) : dirname(deps.entry),
    sandbox: MONITORING_SANDBOX,
  };
  const done = performService(host, manager, action, spec);
  if (done.ok) deps.print(`${spec.name}: ${action} done (${manager.name})`);
  return done;
}

/** What follows the program in a command line that starts the agent. */
function startWords({ entry, isExecutable }: ServiceCommandDeps): string[] {
  if (isExecutable === true) return [`--node-options=${PACKED_FLAGS.join(" ")}`, "agent"];
  return [...(entry.endsWith(".cjs") ? PACKED_FLAGS : []), entry];
}
