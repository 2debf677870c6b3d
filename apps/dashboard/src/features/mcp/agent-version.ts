const LEAST: readonly number[] = [2, 1, 0];

/** Whether an agent of this version knows the tasks of MCP (spec 40 section 9.2). An unknown version passes: the agent answers for itself. */
export function supportsMcp(version: string): boolean {
  if (version === "") return true;
  const core = version.replace(/^v/, "").split(/[-+]/, 1)[0] ?? "";
  const parts = core.split(".");
  for (const [index, least] of LEAST.entries()) {
    const part = Number(/^\d*/.exec(parts[index] ?? "")?.[0] ?? "");
    if (part !== least) return part > least;
  }
  return true;
}
