import type { Clock } from "@windfire/kit";
import { composeDashboard } from "../../compose.ts";
import { lost, note, stop } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Places } from "./places.ts";
import { rowCounts } from "./rows.ts";
import type { Counts } from "./rows.ts";

/** Time for a graceful stop. */
const STOP_MS = 5_000;
/** Lines of the log that say nothing of what was found. */
const USUAL = /^(?:added to the database|kept a copy)/;

/**
 * Starts a dashboard on a copy, up to the moment at which it would listen, and tells what it said and what it removed. It takes as long
 * as the real start.
 */
export async function rehearse(
  copy: Places,
  before: Counts,
  { clock, env }: { readonly clock: Clock; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<{ readonly findings: readonly Finding[]; readonly tookMs: number }> {
  const lines: string[] = [];
  const began = clock.monotonic();
  try {
    const dashboard = await composeDashboard({
      flags: { ...copy, version: false, port: 0 },
      // The history is a folder of its own, which is looked at where it lies.
      env: { ...env, NZ_HISTORY: "off" },
      clock,
      output: { write: (line) => void lines.push(line) },
    });
    const tookMs = clock.monotonic() - began;
    await dashboard.stop(STOP_MS);
    return { findings: [...saidIn(lines), ...removedSince(before, rowCounts(copy.databasePath))], tookMs };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      findings: [...saidIn(lines), stop(text.replaceAll(copy.databasePath, "sqlite.db").replaceAll(copy.configPath, "config.yaml"))],
      tookMs: 0,
    };
  }
}

/** What the log says of what is not as it should be, and of what was added. */
function saidIn(lines: readonly string[]): Finding[] {
  return lines.flatMap((line) => {
    const { level, msg = "", ...details } = parsed(line);
    if (level === "warn" || level === "error") return [lost(`${msg}${shown(details)}`)];
    return level === "info" && !USUAL.test(msg) ? [note(msg)] : [];
  });
}

function parsed(line: string): { readonly level?: string; readonly msg?: string } & Record<string, unknown> {
  if (!line.startsWith("{")) return {};
  // Written by our own log.
  return JSON.parse(line) as { level?: string; msg?: string };
}

function shown(details: Readonly<Record<string, unknown>>): string {
  const { time: _time, room: _room, ...rest } = details;
  return Object.keys(rest).length === 0 ? "" : ` ${JSON.stringify(rest)}`;
}

function removedSince(before: Counts, after: Counts): Finding[] {
  return [...before].flatMap(([table, count]) => {
    const gone = count - (after.get(table) ?? 0);
    return gone > 0 ? [lost(`${gone} of ${count} rows of ${table} are removed, as Nezha does at its start`)] : [];
  });
}
