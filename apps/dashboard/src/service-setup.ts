import { dirname, join, posix, win32 } from "node:path";
import {
  DASHBOARD_LIMITS,
  DASHBOARD_SANDBOX,
  detectServiceManager,
  isServiceAction,
  performService,
  performSteps,
  serviceName,
} from "@windfire/service";
import type { Host, ServiceOutcome, ServiceSpec, Step } from "@windfire/service";

export interface ServiceSetupDeps {
  readonly host: Host;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Node or the single executable. */
  readonly program: string;
  /** What the program is told first: the file that Node runs, or the command of the executable. */
  readonly words: readonly string[];
  /** Name of whom a file belongs to; undefined for root's, and for one that is not there. */
  readonly ownerOf: (path: string) => string | undefined;
  /** Whether every user can read it. */
  readonly isOpen: (path: string) => boolean;
  readonly print: (line: string) => void;
}

/** What the command line names; absolute paths, undefined where it names none. */
export interface ServiceRequest {
  readonly action: string | undefined;
  readonly config: string | undefined;
  readonly database: string | undefined;
}

const NAME = "windfire";
const FIRST_CONFIG = `# Only this machine reaches the dashboard. Put a reverse proxy with TLS before it, or remove the line to listen everywhere.
listen_host: 127.0.0.1
`;

/** Where a dashboard that is a service has its configuration and its data, unless the command line says so. */
export function dataFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === "win32") return win32.join(env["ProgramData"] ?? "C:\\ProgramData", NAME);
  return platform === "linux" ? `/var/lib/${NAME}` : `/usr/local/var/${NAME}`;
}

/**
 * `windfire dashboard service <action>`: the dashboard as a service of this host. In its own folder it runs as a user of its own where the
 * host can make one; with a configuration that is there already, as whom that belongs to. Data stays when the service is taken away.
 */
export function runServiceSetup(deps: ServiceSetupDeps, request: ServiceRequest): ServiceOutcome {
  const { host, platform } = deps;
  const { action } = request;
  if (action === undefined || !isServiceAction(action)) return fail("install, uninstall, start, stop or restart");
  const manager = detectServiceManager(platform, host.exists);
  if (manager === undefined) return fail("no service manager was found; run the dashboard in the foreground");
  const spec = specOf(deps, request);
  if (action === "install") {
    if (spec.user !== undefined && !deps.isOpen(deps.program)) {
      return fail(`the user ${spec.user} cannot run ${deps.program}: put the program where everybody can read it, such as /usr/local/bin`);
    }
    const prepared = performSteps(host, preparation(deps, spec, request));
    if (!prepared.ok) return prepared;
  }
  const done = performService(host, manager, action, spec);
  if (!done.ok) return done;
  deps.print(`${spec.name}: ${action} done (${manager.name})`);
  if (action === "install") deps.print(`its log says the first password: ${logOf(manager.name, spec.name)}`);
  if (action === "uninstall") deps.print(`its data stays in ${spec.folder}`);
  return done;
}

function specOf({ platform, env, program, words, ownerOf }: ServiceSetupDeps, { config, database }: ServiceRequest): ServiceSpec {
  const path = platform === "win32" ? win32 : posix;
  const own = dataFolder(platform, env);
  const ownConfig = path.join(own, "config.yaml");
  const configFile = config ?? ownConfig;
  const isOwn = configFile === ownConfig;
  const folder = isOwn ? own : path.dirname(database ?? configFile);
  const user = isOwn ? (platform === "linux" ? NAME : undefined) : ownerOf(configFile);
  const places = isOwn
    ? [`StateDirectory=${NAME}`, "StateDirectoryMode=0750", `CacheDirectory=${NAME}`, `Environment=NODE_COMPILE_CACHE=%C/${NAME}/compiled`]
    : [`ReadWritePaths=${[...new Set([folder, path.dirname(configFile)])].map((one) => `"${one}"`).join(" ")}`];
  return {
    name: serviceName(NAME, configFile, ownConfig),
    description: "Windfire dashboard",
    program,
    args: [...words, "-c", configFile, "-db", database ?? path.join(folder, "sqlite.db")],
    folder,
    ...(user === undefined ? {} : { user }),
    sandbox: [...DASHBOARD_SANDBOX, ...places, ...DASHBOARD_LIMITS],
  };
}

/** User, folder and a configuration that lets nobody but this machine in, where they are missing. */
function preparation({ host, platform }: ServiceSetupDeps, { folder, user }: ServiceSpec, { config }: ServiceRequest): Step[] {
  if (config !== undefined) return [];
  const file = (platform === "win32" ? win32 : posix).join(folder, "config.yaml");
  const write: Step[] = host.exists(file) ? [] : [{ kind: "write", path: file, text: FIRST_CONFIG, mode: 0o600 }];
  if (platform === "win32") {
    return [shell("cmd.exe", "/c", `if not exist "${folder}" mkdir "${folder}"`), ...write];
  }
  const make = shell("sh", "-c", `mkdir -p ${folder} && chmod 750 ${folder}`);
  if (user === undefined) return [make, ...write];
  const addUser = `id -u ${user} >/dev/null 2>&1 || useradd --system --user-group --home-dir ${folder} --no-create-home --shell /usr/sbin/nologin ${user} || adduser -S -D -H -h ${folder} -s /sbin/nologin -G ${user} ${user}`;
  return [shell("sh", "-c", addUser), make, ...write, shell("chown", "-R", `${user}:${user}`, folder)];
}

function shell(...command: readonly [string, ...string[]]): Step {
  return { kind: "run", command };
}

function logOf(manager: string, name: string): string {
  return manager === "systemd" ? `journalctl -u ${name}` : join("/var/log", `${name}.log`);
}

function fail(error: string): ServiceOutcome {
  return { ok: false, error };
}

/** The folder of a program and all above it have to be open for others to run it. */
export function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = dirname(path); ; at = dirname(at)) {
    folders.push(at);
    if (dirname(at) === at) return folders;
  }
}
