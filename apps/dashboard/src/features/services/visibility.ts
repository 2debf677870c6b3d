import { LITERAL_ERRORS } from "@windfire/api";
import { canViewServer } from "#access/policy";
import type { LiveServer, ServerDirectory } from "#features/servers";
import { refuse, refuseText } from "#kernel";
import type { Caller } from "#kernel";
import type { ServiceChecks } from "./checks.ts";
import type { Service } from "./model.ts";
import type { ServiceRecords } from "./store.ts";

export interface ServiceVisibilityDeps {
  readonly services: Pick<ServiceRecords, "get" | "list">;
  readonly servers: Pick<ServerDirectory, "get" | "list">;
  readonly checks: Pick<ServiceChecks, "mayView">;
}

/** What a caller may see; hidden and missing answer alike (GHSA-vrmh-5mmx-hjwx). */
export function createServiceVisibility({ services, servers, checks }: ServiceVisibilityDeps) {
  const seesServer = (caller: Caller, server: LiveServer | undefined): server is LiveServer =>
    server !== undefined && canViewServer(caller, server.settings);
  return {
    services: (caller: Caller): Service[] => services.list().filter((service) => checks.mayView(caller, service)),
    /** In display order. */
    servers: (caller: Caller): LiveServer[] => servers.list().filter((server) => seesServer(caller, server)),
    service(caller: Caller, id: number): Service {
      const service = services.get(id);
      if (!service || !checks.mayView(caller, service)) throw refuseText(LITERAL_ERRORS.serviceNotFound);
      return service;
    },
    server(caller: Caller, id: number): LiveServer {
      const server = servers.get(id);
      if (!seesServer(caller, server)) throw refuse("server not found");
      return server;
    },
  };
}

export type ServiceVisibility = ReturnType<typeof createServiceVisibility>;
