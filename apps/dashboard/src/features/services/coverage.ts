import type { ServerReach } from "#access/policy";
import { covers } from "./model.ts";
import type { ServiceRecords } from "./store.ts";

export interface ServiceCoverageDeps {
  readonly services: Pick<ServiceRecords, "get">;
  readonly reach: ServerReach;
  /** Whether an owner's records address every server: administrators and the global owner 0. */
  readonly ownsEverything: (userId: number) => boolean;
}

/** Which servers probe a service and may report on it, decided anew each time from its owner's servers (spec 30 sections 1.3 and 1.5). */
export interface ServiceCoverage {
  /** Ids of the servers the service is probed from now. */
  targets(serviceId: number): number[];
  /** Whether a server may report on a service (GHSA-4g6j-g789-rghm). */
  reaches(serviceId: number, serverId: number): boolean;
}

export function createServiceCoverage({ services, reach, ownsEverything }: ServiceCoverageDeps): ServiceCoverage {
  return {
    targets(serviceId) {
      const service = services.get(serviceId);
      return service ? [...reach.reachOf(service.ownerId)].filter((id) => covers(service, id)) : [];
    },
    reaches(serviceId, serverId) {
      const service = services.get(serviceId);
      const server = reach.server(serverId);
      if (!service || !server || !covers(service, serverId)) return false;
      return server.ownerId === service.ownerId || ownsEverything(service.ownerId);
    },
  };
}
