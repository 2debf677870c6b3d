import type { Agents } from "#kernel";
import type { Log } from "#platform/log";

export interface KillSwitchDeps {
  readonly agents: Pick<Agents, "closeStreams">;
  readonly log: Pick<Log, "info">;
  readonly onError: (error: unknown) => void;
}

/** Runs when settings have been saved: what was open while MCP was on ends in this order (spec 40 section 4). */
export function createKillSwitch(
  { agents, log, onError }: KillSwitchDeps,
  parts: { isEnabled: () => boolean; purge: () => Promise<number>; endCalls: () => number },
): () => void {
  let enabled = parts.isEnabled();
  return () => {
    const before = enabled;
    enabled = parts.isEnabled();
    if (!before || enabled) return;
    const purging = parts.purge();
    const closing = agents.closeStreams({ purpose: "mcp-transfer" }, "revoked");
    const calls = parts.endCalls();
    Promise.all([purging, closing])
      .then(([urls, transfers]) => log.info("MCP has been switched off", { urls, transfers, calls }))
      .catch(onError);
  };
}
