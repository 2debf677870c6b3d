/** Rooms of the dashboard from the top of the house to its ground. A room imports only rooms on floors below its own. */
export const FLOORS = ["main", "features", "access", "platform", "kernel"] as const;
export type Floor = (typeof FLOORS)[number];

/** On the floor of access, right may import left. `testing` serves the tests of them all, and of the floors above. */
export const ACCESS: readonly string[] = ["policy", "protection", "oauth2", "factors", "identity", "testing"];

/** Between features, right may import left. */
export const FEATURES: readonly string[] = [
  "settings",
  "notifications",
  "traffic",
  "servers",
  "history",
  "availability",
  "agent-changes",
  "relay",
  "fleet",
  "replicas",
  "enrolment",
  "cron",
  "terminal",
  "files",
  "nat",
  "services",
  "share-links",
  "incidents",
  "alerts",
  "ddns",
  "transfers",
  "reports",
  "status-pages",
  "live-feed",
  "mcp",
  "maintenance",
  "audit",
  "backup",
  "import",
  "prometheus",
  "operation",
];

/** Who may import a package of ours. Workspaces are named by their folder; `tests` are test files, the end-to-end harness, the bench and the peers. */
export const PACKAGE_USERS: Readonly<Record<string, readonly string[]>> = {
  api: ["apps/dashboard", "apps/web", "tests"],
  kit: [
    "apps/agent",
    "apps/dashboard",
    "apps/web",
    "packages/api",
    "packages/protocol",
    "packages/testkit",
    "packages/tsdb",
    "tools",
    "tests",
  ],
  protocol: ["apps/agent", "apps/dashboard", "packages/testkit", "tests"],
  service: ["apps/agent", "apps/dashboard", "tools", "tests"],
  testkit: ["tests"],
  tsdb: ["apps/dashboard", "tests"],
};

/** A room of the dashboard: the whole of `main` and `kernel`, one folder of `platform`, `access` or `features`. */
export interface Room {
  readonly floor: Floor;
  /** Folder of a feature, access or platform room, "" elsewhere. */
  readonly name: string;
}

/** The room a file of the dashboard lies in; `path` is relative to its `src`. Undefined for a folder that is no room. */
export function roomOfFile(path: string): Room | undefined {
  const [first = "", second = "", ...rest] = path.split("/");
  if (second === "" || first === "compose" || first === "simulation") return { floor: "main", name: "" };
  if (first === "kernel") return { floor: first, name: "" };
  if (first !== "platform" && first !== "access" && first !== "features") return undefined;
  return rest.length === 0 ? undefined : { floor: first, name: second };
}

const ROOM_SPECIFIER = /^#(?:(?<alone>kernel)|(?<floor>platform|access|features)\/(?<name>[a-z0-9-]+))(?:\/testing)?$/;

/**
 * The room that a specifier such as `#features/cron` enters by its door. Undefined when it names no door. A room may have a second door,
 * `#features/cron/testing`, for tests alone; `#access/testing` is a whole room for them.
 */
export function roomOfSpecifier(specifier: string): Room | undefined {
  const groups = ROOM_SPECIFIER.exec(specifier)?.groups;
  if (groups === undefined) return undefined;
  const { alone, floor, name = "" } = groups;
  if (alone === "kernel") return { floor: alone, name: "" };
  return floor === "platform" || floor === "access" || floor === "features" ? { floor, name } : undefined;
}

export function sameRoom(one: Room, other: Room): boolean {
  return one.floor === other.floor && one.name === other.name;
}

export function describeRoom(room: Room): string {
  return room.name === "" ? room.floor : `${room.floor}/${room.name}`;
}
