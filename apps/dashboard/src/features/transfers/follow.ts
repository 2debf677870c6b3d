import type { ServerDirectory } from "#features/servers";
import { heldBy } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import type { Transfer } from "./model.ts";
import type { TransferRecords } from "./store.ts";

export interface FollowDeps {
  readonly transfers: TransferRecords;
  readonly servers: Pick<ServerDirectory, "get" | "subscribe">;
  readonly credentials: Pick<Credentials, "put">;
  /** A server's agent has to be told another secret. */
  readonly deliver: (serverId: number) => void;
  readonly broadcast: (transfer: Transfer) => void;
}

/** Keeps agents' credentials in step with the rows of transfers and the owners of servers. Returns the function that ends it. */
export function followTransfers({ transfers, servers, credentials, deliver, broadcast }: FollowDeps): () => void {
  const refresh = (serverId: number): void => {
    const held = heldBy(transfers.by("server", serverId), servers.get(serverId)?.settings.ownerId);
    if (credentials.put(serverId, held)) deliver(serverId);
  };
  const refreshAll = (all: readonly Transfer[]): void => {
    for (const serverId of new Set(all.map((transfer) => transfer.serverId))) refresh(serverId);
  };
  refreshAll(transfers.list());
  const ends = [
    transfers.subscribe({
      changed({ after }) {
        if (!after) return;
        refresh(after.serverId);
        broadcast(after);
      },
      reloaded: refreshAll,
    }),
    servers.subscribe(({ id, before, after }) => {
      if (before?.ownerId !== after?.ownerId) refresh(id);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
