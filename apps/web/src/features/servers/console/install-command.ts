/** Ours first; the official agent beside it. */
export const PROGRAMS = ["windfire", "nezha"] as const;
export type Program = (typeof PROGRAMS)[number];

export const SYSTEMS = {
  windfire: ["linux", "macos", "windows", "docker", "manual"],
  nezha: ["linux", "macos", "windows", "manual"],
} as const;
export type System = (typeof SYSTEMS)[Program][number];

/** Where agents connect, and as which server. */
export interface InstallTarget {
  /** `host:port` that agents connect to. */
  readonly server: string;
  readonly tls: boolean;
  /** Binds the host to a server that exists already. */
  readonly uuid: string | undefined;
}

const SCRIPTS = "https://raw.githubusercontent.com/nezhahq/scripts/main/agent";
/** Our own program, in a copy of its folder. */
const OURS = "node tools/windfire.mjs agent";

/** What makes a host a server with our agent. `code`: a one-time code for a credential of its own. */
export function windfireCommand(system: System, target: InstallTarget, code: string): string {
  switch (system) {
    case "linux":
      return `curl -fsSLo agent.sh ${shellWord(`${originOf(target)}/install/agent.sh`)} && env ${shellSet(scriptVariables(target, code))} sh agent.sh`;
    case "docker":
      return dockerCommand(target, code);
    case "windows":
      return [
        `${powerShellSet(scriptVariables(target, code))}[Net.ServicePointManager]::SecurityProtocol=[Net.SecurityProtocolType]::Tls12;`,
        `Invoke-WebRequest -UseBasicParsing ${powerShellText(`${originOf(target)}/install/agent.ps1`)} -OutFile agent.ps1;`,
        "powershell.exe -ExecutionPolicy Bypass -File agent.ps1",
      ].join(" ");
    case "macos":
      return `curl -fsSLo agent.sh ${shellWord(`${originOf(target)}/install/agent.sh`)} && sudo env ${shellSet(scriptVariables(target, code))} sh agent.sh`;
    case "manual":
      return [`${environment(target)}${OURS} enrol -c config.yml ${shellWord(originOf(target))} ${code}`, `${OURS} -c config.yml`].join(
        "\n",
      );
  }
}

/** The official agent's ways (spec 41 section 8.1). `secret`: the one that all hosts of its owner share. */
export function nezhaCommand(system: System, target: InstallTarget, secret: string): string {
  const set: Variables = [["NZ_SERVER", target.server], ["NZ_TLS", String(target.tls)], ["NZ_CLIENT_SECRET", secret], ...identity(target)];
  switch (system) {
    case "linux":
    case "macos":
      return `curl -L ${SCRIPTS}/install.sh -o agent.sh && chmod +x agent.sh && env ${shellSet(set)} ./agent.sh`;
    case "windows":
      return [
        `${powerShellSet(set)}[Net.ServicePointManager]::SecurityProtocol=[Net.SecurityProtocolType]::Tls12;`,
        "Set-ExecutionPolicy RemoteSigned -Scope Process -Force;",
        `Invoke-WebRequest ${SCRIPTS}/install.ps1 -OutFile C:\\install.ps1; powershell.exe C:\\install.ps1`,
      ].join(" ");
    case "docker":
    case "manual":
      return agentConfig(target, secret);
  }
}

type Variables = readonly (readonly [name: string, value: string])[];

const originOf = ({ server, tls }: InstallTarget): string => `${tls ? "https" : "http"}://${server}`;
const identity = ({ uuid }: InstallTarget): Variables => (uuid === undefined ? [] : [["NZ_UUID", uuid]]);

function scriptVariables(target: InstallTarget, code: string): Variables {
  return [["NZ_SERVER", target.server], ["NZ_TLS", String(target.tls)], ["WF_CODE", code], ...identity(target)];
}

/**
 * The install script puts everything into a volume at the container's first start and makes no service there; the host is seen through
 * folders that are mounted read-only.
 */
function dockerCommand(target: InstallTarget, code: string): string {
  const run = [
    "test -e /agent/opt/windfire-agent",
    `{ curl -fsSLo /tmp/agent.sh ${shellWord(`${originOf(target)}/install/agent.sh`)} && sh /tmp/agent.sh; }`,
  ].join(" || ");
  const settings: Variables = [
    ["WF_ROOT", "/agent"],
    ...scriptVariables(target, code),
    ["HOST_PROC", "/host/proc"],
    ["HOST_SYS", "/host/sys"],
    ["HOST_ETC", "/host/etc"],
    ["HOST_ROOT", "/host"],
    ["HOST_PROC_MOUNTINFO", "/host/proc/1/mountinfo"],
  ];
  return [
    "docker run -d --name windfire-agent --restart unless-stopped --network host",
    "-v windfire-agent:/agent -v /:/host:ro",
    settings.map(([name, value]) => `-e ${name}=${shellWord(value)}`).join(" "),
    `node:26 sh -c ${quoted(`${run}; exec node /agent/opt/windfire-agent/agent.cjs -c /agent/etc/windfire-agent/config.yml`)}`,
  ].join(" ");
}

/** The agent's configuration file. */
function agentConfig({ server, tls, uuid }: InstallTarget, secret: string): string {
  const lines = [`server: ${JSON.stringify(server)}`, `tls: ${tls}`, `client_secret: ${JSON.stringify(secret)}`];
  return [...lines, ...(uuid === undefined ? [] : [`uuid: ${JSON.stringify(uuid)}`])].join("\n");
}

const shellSet = (variables: Variables): string => variables.map(([name, value]) => `${name}=${shellWord(value)}`).join(" ");
const powerShellSet = (variables: Variables): string =>
  variables.map(([name, value]) => `$env:${name}=${powerShellText(value)}; `).join("");
const environment = (target: InstallTarget): string => (target.uuid === undefined ? "" : `env ${shellSet(identity(target))} `);

/** As one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function powerShellText(text: string): string {
  return `"${text.replaceAll(/[`"$]/g, "`$&")}"`;
}
