/**
 * What systemd takes from a service, line by line. Both lists are held by a test to less than 2.5 of `systemd-analyze security`; JIT-compiled
 * code needs memory that is written and run, so `MemoryDenyWriteExecute` is in neither.
 */
const BOTH = [
  "NoNewPrivileges=true",
  "ProtectSystem=strict",
  "PrivateTmp=true",
  "ProtectClock=true",
  "ProtectHostname=true",
  "ProtectKernelLogs=true",
  "ProtectKernelModules=true",
  "ProtectKernelTunables=true",
  "ProtectControlGroups=true",
  "RestrictNamespaces=true",
  "RestrictRealtime=true",
  "RestrictSUIDSGID=true",
  "LockPersonality=true",
  "RemoveIPC=true",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged @resources",
  "SystemCallErrorNumber=EPERM",
  "UMask=0077",
];

/** The dashboard: a user of its own, which writes its data and its cache alone. */
export const DASHBOARD_SANDBOX: readonly string[] = [
  ...BOTH,
  "ProtectHome=true",
  "ProtectProc=invisible",
  "ProcSubset=pid",
  "PrivateDevices=true",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
  "AmbientCapabilities=CAP_NET_BIND_SERVICE",
];

/**
 * What a dashboard may use. Ten thousand agents are as many open files, and its own stop takes up to five seconds. glibc gives each of its
 * dozen threads a heap of its own and keeps what was free in each: in one heap it takes 7 MB less.
 */
export const DASHBOARD_LIMITS: readonly string[] = ["LimitNOFILE=65536", "TimeoutStopSec=15", "Environment=MALLOC_ARENA_MAX=1"];

/**
 * An agent that reports and probes, and may do nothing else. It is root without root's powers: its configuration is root's, and it reads what
 * every user can read. `ping` needs raw sockets; processes, disks and sensors of the whole host have to be seen.
 */
export const MONITORING_SANDBOX: readonly string[] = [
  ...BOTH,
  "ProtectHome=read-only",
  "DevicePolicy=closed",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  "CapabilityBoundingSet=CAP_NET_RAW",
];

/** Values that take a setting back; all others are switches. */
const OPEN_VALUES: Readonly<Record<string, readonly string[]>> = {
  RestrictAddressFamilies: ["RestrictAddressFamilies="],
  CapabilityBoundingSet: ["CapabilityBoundingSet=~"],
  AmbientCapabilities: ["AmbientCapabilities="],
  DevicePolicy: ["DevicePolicy=auto"],
  SystemCallArchitectures: ["SystemCallArchitectures="],
  SystemCallFilter: ["SystemCallFilter="],
  SystemCallErrorNumber: ["SystemCallErrorNumber="],
  UMask: ["UMask=0022"],
};

/** The lines of a drop-in that takes all of a sandbox back. */
export function openedSandbox(sandbox: readonly string[]): string[] {
  const names = new Set(sandbox.map((line) => line.slice(0, line.indexOf("="))));
  return [...names].flatMap((name) => OPEN_VALUES[name] ?? [`${name}=false`]);
}
