import type { History } from "#features/history";
import type { ServerDirectory } from "#features/servers";
import type { HistoryTable } from "./history-table.ts";
import { createOldRows } from "./old-rows.ts";
import type { OldRowsDeps } from "./old-rows.ts";
import { createPruning } from "./pruning.ts";

export interface TableJobsDeps extends Pick<OldRowsDeps, "database" | "scheduler" | "now" | "onError"> {
  readonly history: Pick<History, "enabled" | "importProbes">;
  readonly servers: Pick<ServerDirectory, "get">;
}

/** What works on table `service_histories`, where it is there. */
export function jobsOnTable(deps: TableJobsDeps, table: HistoryTable | undefined, isKnown: (id: number) => boolean) {
  if (table === undefined) return [];
  const pruning = createPruning(deps);
  if (!deps.history.enabled) return [pruning];
  const isPair = (id: number, serverId: number): boolean => isKnown(id) && deps.servers.get(serverId) !== undefined;
  return [createOldRows({ ...deps, table, isKnown: isPair }), pruning];
}
