import { dirname } from "node:path";
import type { ConfigStore, Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";
import { detectServiceManager } from "../service/detect.ts";
import { performService, thisHost } from "../service/perform.ts";
import type { Host } from "../service/perform.ts";
import { isServiceAction, serviceName } from "../service/service.ts";

export interface ServiceCommandDeps {
  readonly store: Pick<ConfigStore, "loadForService">;
  readonly configPath: string;
  readonly defaultPath: string;
  /** The file this program was started from. */
  readonly entry: string;
  readonly print: (line: string) => void;
  readonly host?: Host;
  readonly platform?: NodeJS.Platform;
}

/** The packed agent computes next to nothing: without compilers for hot code and a snapshot of modules it takes a sixth less memory. */
const PACKED_FLAGS = ["--lite-mode", "--no-node-snapshot", "--max-semi-space-size=1"];

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
    name: serviceName(deps.configPath, deps.defaultPath),
    node: process.execPath,
    args: [...nodeFlags(deps.entry), deps.entry, "-c", deps.configPath],
    folder: dirname(deps.entry),
  };
  const done = performService(host, manager, action, spec);
  if (done.ok) deps.print(`${spec.name}: ${action} done (${manager.name})`);
  return done;
}

function nodeFlags(entry: string): readonly string[] {
  return entry.endsWith(".cjs") ? PACKED_FLAGS : [];
}
