import type { StreamRegistry } from "#features/relay";
import type { Log } from "#platform/log";

export interface KillSwitchDeps {
  readonly streams: Pick<StreamRegistry, "size" | "closeWhere">;
  readonly log: Pick<Log, "info">;
}

/** Runs when settings have been saved: what was open while MCP was on ends in this order (spec 40 section 4). */
export function createKillSwitch(
  { streams, log }: KillSwitchDeps,
  parts: { isEnabled: () => boolean; purge: () => number; endCalls: () => number },
): () => void {
  let enabled = parts.isEnabled();
  return () => {
    const before = enabled;
    enabled = parts.isEnabled();
    if (!before || enabled) return;
    const urls = parts.purge();
    const open = streams.size;
    streams.closeWhere(({ purpose }) => purpose === "mcp-transfer", "revoked");
    const transfers = open - streams.size;
    const calls = parts.endCalls();
    log.info("MCP has been switched off", { urls, transfers, calls });
  };
}
