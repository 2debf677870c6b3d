export const SYSTEMS = ["linux", "macos", "windows", "manual"] as const;
export type System = (typeof SYSTEMS)[number];

/** Ours first; the official agent beside it. */
export const PROGRAMS = ["windfire", "nezha"] as const;
export type Program = (typeof PROGRAMS)[number];

export interface InstallOptions {
  readonly program: Program;
  /** `host:port` that agents connect to. */
  readonly server: string;
  readonly tls: boolean;
  readonly secret: string;
  /** Binds the host to a server that exists already. */
  readonly uuid: string | undefined;
}

const SCRIPTS = "https://raw.githubusercontent.com/nezhahq/scripts/main/agent";

/** What to run on the host (spec 41 section 8.1). Variable names are those of the official agent's scripts. */
export function installCommand(system: System, options: InstallOptions): string {
  switch (system) {
    case "linux":
    case "macos":
      return unixCommand(options);
    case "windows":
      return windowsCommand(options);
    case "manual":
      return agentConfig(options);
  }
}

function variables({ server, tls, secret, uuid }: InstallOptions): [string, string][] {
  const list: [string, string][] = [
    ["NZ_SERVER", server],
    ["NZ_TLS", String(tls)],
    ["NZ_CLIENT_SECRET", secret],
  ];
  return uuid === undefined ? list : [...list, ["NZ_UUID", uuid]];
}

/** Installs the agent of the program's own folder as a service; its configuration is made from the variables. */
const OURS = "node tools/windfire.mjs agent service install";

function unixCommand(options: InstallOptions): string {
  const set = variables(options).map(([name, value]) => `${name}=${shellWord(value)}`);
  if (options.program === "windfire") return `sudo env ${set.join(" ")} ${OURS}`;
  return `curl -L ${SCRIPTS}/install.sh -o agent.sh && chmod +x agent.sh && env ${set.join(" ")} ./agent.sh`;
}

function windowsCommand(options: InstallOptions): string {
  const set = variables(options).map(([name, value]) => `$env:${name}=${powerShellText(value)};`);
  if (options.program === "windfire") return [...set, OURS].join(" ");
  return [
    ...set,
    "[Net.ServicePointManager]::SecurityProtocol=[Net.SecurityProtocolType]::Tls12;",
    "Set-ExecutionPolicy RemoteSigned -Scope Process -Force;",
    `Invoke-WebRequest ${SCRIPTS}/install.ps1 -OutFile C:\\install.ps1; powershell.exe C:\\install.ps1`,
  ].join(" ");
}

/** The agent's configuration file. */
function agentConfig({ server, tls, secret, uuid }: InstallOptions): string {
  const lines = [`server: ${JSON.stringify(server)}`, `tls: ${tls}`, `client_secret: ${JSON.stringify(secret)}`];
  return [...lines, ...(uuid === undefined ? [] : [`uuid: ${JSON.stringify(uuid)}`])].join("\n");
}

/** As one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function powerShellText(text: string): string {
  return `"${text.replaceAll(/[`"$]/g, "`$&")}"`;
}
