import type { spawn } from "node:child_process";

/** A process that leads a group; the codes say that it is gone. */
export interface GroupLeader {
  readonly pid?: number | undefined;
  readonly exitCode?: number | null;
  readonly signalCode?: NodeJS.Signals | null;
}

/** Ends a process that leads a group, and all that it left running in it. */
export function killGroup(leader: GroupLeader): void {
  const { pid } = leader;
  // Minus nought and minus one would be groups of others.
  if (pid === undefined || pid <= 1) return;
  if (process.platform === "win32") return killTree(leader);
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
}

/** Windows knows no groups, but who started whom. The number of a process that is gone may be another's by now. */
export function killTree(
  { pid, exitCode, signalCode }: GroupLeader,
  start: typeof spawn = process.getBuiltinModule("node:child_process").spawn,
): void {
  if (pid === undefined || typeof exitCode === "number" || typeof signalCode === "string") return;
  start("taskkill.exe", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore", windowsHide: true }).on("error", () => undefined);
}
