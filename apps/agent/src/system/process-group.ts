/** Ends a process that leads a group, and all that it left running in it. */
export function killGroup({ pid }: { readonly pid?: number | undefined }): void {
  // Minus nought and minus one would be groups of others.
  if (pid === undefined || pid <= 1) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
}
