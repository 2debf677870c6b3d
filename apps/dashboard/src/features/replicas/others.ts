import type { OtherReplicas } from "#features/fleet";
import type { Bus } from "#platform/bus";
import { resultMessage } from "./messages.ts";
import type { NearEnds } from "./near-ends.ts";
import type { Picture } from "./picture.ts";
import type { ResultRoutes } from "./result-routes.ts";
import { replicaOf } from "./stream-names.ts";

export interface OthersDeps {
  readonly bus: Pick<Bus, "send">;
  readonly picture: Pick<Picture, "opened" | "closed" | "peers">;
  readonly routes: Pick<ResultRoutes, "of">;
  readonly near: Pick<NearEnds, "join">;
}

/** For a fleet that is made before the replicas it tells. */
export function othersLater(later: () => OtherReplicas | undefined): OtherReplicas {
  return {
    opened: (...opened) => later()?.opened(...opened),
    closed: (...closed) => later()?.closed(...closed),
    takeResult: (...result) => later()?.takeResult(...result) ?? false,
    joinAsAgent: async (...join) => (await later()?.joinAsAgent(...join)) ?? "unknown",
  };
}

/** What the fleet tells the other replicas, and has of them. */
export function createOthers({ bus, picture: { opened, closed, peers }, routes, near }: OthersDeps): OtherReplicas {
  return {
    opened,
    closed,
    takeResult(serverId, result) {
      const route = routes.of(serverId, result);
      // Whoever gave the task is gone: this replica knows as much of it as any.
      if (!route || !peers.has(route.replica)) return false;
      const delay = Number.isFinite(result.delay) ? result.delay : 0;
      const body = resultMessage.encode({ serverId, result: { ...route.result, delay } });
      return bus.send(route.replica, "result", body) === "sent";
    },
    joinAsAgent: async (id, serverId, end) => (peers.has(replicaOf(id)) ? near.join(replicaOf(id), id, end, { serverId }) : "unknown"),
  };
}
