import { posix } from "node:path";
import { ACCESS, describeRoom, FEATURES, FLOORS, PACKAGE_USERS, roomOfFile, roomOfSpecifier, sameRoom } from "./rooms.ts";
import type { Room } from "./rooms.ts";

/** A broken rule: its name, and what to do instead. */
export interface Problem {
  readonly rule: string;
  readonly text: string;
}

const DASHBOARD = "apps/dashboard/src/";
const DISK_AND_NETWORK = /^node:(child_process|cluster|dgram|dns|fs|http|http2|https|net|process|sqlite|tls|worker_threads)(\/|$)/;

/** Judges one import. `file` is relative to the root of the repository, with forward slashes. */
export function judge(file: string, specifier: string): Problem | undefined {
  if (specifier.startsWith("@windfire/")) return judgePackage(file, specifier);
  if (specifier.startsWith(".")) return judgePath(file, posix.join(posix.dirname(file), specifier));
  if (!file.startsWith(DASHBOARD)) return undefined;
  if (specifier.startsWith("#")) return judgeRoom(file, specifier);
  return judgeKernel(file, specifier);
}

function judgePackage(file: string, specifier: string): Problem | undefined {
  const [, name = "", ...rest] = specifier.split("/");
  const users = PACKAGE_USERS[name];
  if (users === undefined) return { rule: "apps-never-import-apps", text: `${specifier} is no package for others` };
  if (rest.length > 0) return { rule: "package-by-its-face", text: `import @windfire/${name}, not a file inside it` };
  const workspace = workspaceOf(file);
  if (users.includes(workspace) || (isTest(file) && users.includes("tests"))) return undefined;
  return { rule: "package-users", text: `${workspace} may not use @windfire/${name}; it is for ${users.join(", ")}` };
}

function judgePath(file: string, target: string): Problem | undefined {
  const from = workspaceOf(file);
  const to = workspaceOf(target);
  if (from.startsWith("apps/") && to.startsWith("apps/") && from !== to) {
    return { rule: "apps-never-import-apps", text: `${from} reaches into ${to}` };
  }
  if (from.startsWith("packages/") && from !== to && !to.startsWith("packages/")) {
    return { rule: "packages-import-packages", text: `${from} reaches into ${to}` };
  }
  if (to.startsWith("packages/") && from !== to) return { rule: "package-by-its-face", text: `import ${to} by its package name` };
  if (!file.startsWith(DASHBOARD)) return undefined;
  if (!target.startsWith(DASHBOARD)) return undefined;
  const own = roomOfFile(file.slice(DASHBOARD.length));
  const other = roomOfFile(target.slice(DASHBOARD.length));
  if (own === undefined) return { rule: "known-rooms", text: "this file lies in no room" };
  if (other === undefined || !sameRoom(own, other)) {
    return { rule: "room-by-its-door", text: `${target.slice(DASHBOARD.length)} is another room: import it by its # name` };
  }
  return undefined;
}

function judgeRoom(file: string, specifier: string): Problem | undefined {
  const own = roomOfFile(file.slice(DASHBOARD.length));
  if (own === undefined) return { rule: "known-rooms", text: "this file lies in no room" };
  const other = roomOfSpecifier(specifier);
  if (other === undefined) return { rule: "room-by-its-door", text: `${specifier} is not the name of a room` };
  if (specifier.endsWith("/testing") && !isTest(file)) return { rule: "tests-only", text: `${specifier} is for tests` };
  if (sameRoom(own, other)) return isTest(file) ? undefined : { rule: "room-by-its-door", text: "a room names its own files by path" };
  return mayImport(own, other) || (isTest(file) && isTestRoomBeside(own, other))
    ? undefined
    : { rule: "one-way", text: `${describeRoom(own)} may not import ${describeRoom(other)}` };
}

function mayImport(own: Room, other: Room): boolean {
  const down = FLOORS.indexOf(other.floor) - FLOORS.indexOf(own.floor);
  if (down !== 0) return down > 0;
  if (own.floor === "platform") return true;
  const order = own.floor === "access" ? ACCESS : FEATURES;
  const ownPlace = order.indexOf(own.name);
  const otherPlace = order.indexOf(other.name);
  return ownPlace !== -1 && otherPlace !== -1 && otherPlace < ownPlace;
}

/** Tests of a floor use what is kept there for tests, wherever it stands. */
function isTestRoomBeside(own: Room, other: Room): boolean {
  return own.floor === other.floor && other.name === "testing";
}

/** The kernel holds words, not machinery. */
function judgeKernel(file: string, specifier: string): Problem | undefined {
  const inKernel = roomOfFile(file.slice(DASHBOARD.length))?.floor === "kernel";
  if (!inKernel || isTest(file) || !DISK_AND_NETWORK.test(specifier)) return undefined;
  return { rule: "kernel-without-io", text: `the kernel does no input or output: ${specifier}` };
}

/** `apps/web`, `packages/kit`, `tools`, or "" for the root. */
function workspaceOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "apps" || first === "packages" ? `${first}/${second}` : path.includes("/") ? first : "";
}

/** Tests, what a room keeps for them (`fixture.ts`) or offers to others' tests (folder `testing`), the simulation, the end-to-end harness and the measurements. */
function isTest(file: string): boolean {
  return (
    /\.test\.tsx?$/.test(file) ||
    file.includes("/testing/") ||
    file.startsWith(`${DASHBOARD}simulation/`) ||
    file.endsWith("/fixture.ts") ||
    file.startsWith("e2e/") ||
    file.startsWith("tools/bench") ||
    file.startsWith("tools/replicas") ||
    file.startsWith("tools/peers")
  );
}

/** A folder of a floor with an order that has no place in it yet. */
export function judgeFile(file: string): Problem | undefined {
  if (!file.startsWith(DASHBOARD)) return undefined;
  const room = roomOfFile(file.slice(DASHBOARD.length));
  if (room === undefined) return { rule: "known-rooms", text: "this file lies in no room" };
  const order = room.floor === "features" ? FEATURES : room.floor === "access" ? ACCESS : [room.name];
  if (!order.includes(room.name)) {
    return { rule: "known-rooms", text: `give ${describeRoom(room)} its place in the order of its floor (tools/import-table/rooms.ts)` };
  }
  return undefined;
}
