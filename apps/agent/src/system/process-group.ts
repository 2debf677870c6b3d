import type { ChildProcess } from "node:child_process";

/** Ends a process that leads a group, and all that it left running in it. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
}
