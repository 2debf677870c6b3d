import { TASK } from "@windfire/protocol";
import type { Foundation } from "./foundation.ts";
import type { Some } from "./rooms.ts";
import { hearResults } from "./shared-results.ts";

/** Who takes what agents answer. */
export function connectResults(
  { bus, onError }: Foundation,
  { cron, fleet, mcp, nat, services, transfers }: Some<"cron" | "fleet" | "mcp" | "nat" | "services" | "transfers">,
): void {
  fleet.onResult(TASK.command, (serverId, result) => void cron.results.onResult(serverId, result).catch(onError("cron")));
  for (const type of [TASK.httpGet, TASK.icmpPing, TASK.tcpPing]) fleet.onResult(type, services.onResult);
  hearResults(bus, services.heard);
  fleet.onResult(TASK.keepalive, nat.tunnel.onKeepalive);
  fleet.onResult(TASK.serverTransfer, transfers.onResult);
  for (const type of mcp.taskTypes) fleet.onResult(type, mcp.onResult);
}
