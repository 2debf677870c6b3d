import type { AgentChange, Incident, OfflineTime } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";

/** Something that happened to a server, Unix milliseconds. */
export type ServerEvent =
  | { readonly kind: "offline" | "planned"; readonly from: number; readonly to: number | undefined }
  | { readonly kind: "restart"; readonly from: number }
  | { readonly kind: AgentChange["what"]; readonly from: number; readonly change: AgentChange }
  | { readonly kind: "incident"; readonly from: number; readonly to: number | undefined; readonly incident: Incident };

interface Happened {
  readonly offline: readonly OfflineTime[];
  readonly planned: readonly OfflineTime[];
  /** How long the host had been running, seconds, at moments in Unix milliseconds, oldest first. */
  readonly uptime: readonly { readonly ts: number; readonly value: number }[];
  readonly incidents: readonly Incident[];
  /** What became of the agent, as far as the reader may know. */
  readonly changes: readonly AgentChange[];
}

/** All that is known to have happened, newest first. */
export function serverEvents({ offline, planned, uptime, incidents, changes }: Happened): ServerEvent[] {
  const spansOf = (kind: "offline" | "planned", times: readonly OfflineTime[]): ServerEvent[] =>
    times.map(({ from, to }) => ({ kind, from: parseTime(from) ?? 0, to: parseTime(to) }));
  const failed = incidents.map((incident): ServerEvent => ({
    kind: "incident",
    from: parseTime(incident.opened_at) ?? 0,
    to: parseTime(incident.ended_at),
    incident,
  }));
  const restarts = restartsOf(uptime).map((from): ServerEvent => ({ kind: "restart", from }));
  const others = changes.map((change): ServerEvent => ({ kind: change.what, from: parseTime(change.at) ?? 0, change }));
  return [...spansOf("offline", offline), ...spansOf("planned", planned), ...restarts, ...failed, ...others].toSorted(
    (a, b) => b.from - a.from,
  );
}

/** A host that runs for less long than before was started in between: when, it says itself. */
function restartsOf(uptime: Happened["uptime"]): number[] {
  return uptime.flatMap(({ ts, value }, at) => {
    const before = uptime[at - 1];
    return before === undefined || value >= before.value ? [] : [Math.max(before.ts, ts - value * 1000)];
  });
}
