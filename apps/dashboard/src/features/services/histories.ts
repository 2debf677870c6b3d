import { shortFloat32 } from "@windfire/api";
import { periodFor } from "#features/history";
import type { ServerServiceHistory, ServiceServerHistory } from "#features/history";
import type { LiveServer } from "#features/servers";
import type { Caller } from "#kernel";
import { JsonText } from "#platform/http";
import { covers } from "./model.ts";
import type { Service } from "./model.ts";
import type { ServiceHistorySource } from "./table-history.ts";
import type { ServiceVisibility } from "./visibility.ts";

export interface ServiceHistoryDeps {
  readonly visibility: ServiceVisibility;
  readonly history: ServiceHistorySource;
  readonly now: () => number;
}

/** How services were (spec 11 sections 4.7 and 4.8). */
export function createServiceHistories({ visibility, history, now }: ServiceHistoryDeps) {
  return {
    async ofService(caller: Caller, id: number, periodText: string | undefined): Promise<JsonText> {
      const service = visibility.service(caller, id);
      const entries = await history.serviceHistory(id, periodFor(caller, periodText), now());
      const parts = entries
        .map((entry) => serverJson(visibility.serverIfVisible(caller, entry.serverId), entry))
        .filter((part) => part !== "");
      return new JsonText(`{"service_id":${id}${nameJson("service_name", service.name)},"servers":[${parts.join(",")}]}`);
    },

    /** Never an empty list: clients take one for "has services". */
    async ofServer(caller: Caller, id: number, periodText: string | undefined): Promise<JsonText | null> {
      const server = visibility.server(caller, id);
      const entries = await history.serverServices(id, periodFor(caller, periodText), now());
      const seen = new Map(entries.filter((entry) => entry.createdAt !== "[]").map((entry) => [entry.serviceId, entry]));
      const covering = visibility.services(caller).filter((service) => covers(service, id));
      const parts = covering.map((service) => serviceJson(service, server, seen.get(service.id))).filter((part) => part !== "");
      return parts.length === 0 ? null : new JsonText(`[${parts.join(",")}]`);
    },
  };
}

export type ServiceHistories = ReturnType<typeof createServiceHistories>;

/** "" for a server that is not to be seen. */
function serverJson(server: LiveServer | undefined, seen: ServiceServerHistory): string {
  if (!server) return "";
  const counts = `"total_up":${seen.totalUp},"total_down":${seen.totalDown}`;
  const points = seen.dataPoints === "[]" ? "" : `,"data_points":${seen.dataPoints}`;
  const stats = `{"avg_delay":${seen.avgDelay},"up_percent":${shortFloat32(seen.upPercent)},${counts}${points}}`;
  return `{"server_id":${server.id}${nameJson("server_name", server.settings.name)},"stats":${stats}}`;
}

/** "" for a service without data. */
function serviceJson(service: Service, server: LiveServer, seen: ServerServiceHistory | undefined): string {
  if (!seen) return "";
  const names = `"monitor_name":${JSON.stringify(service.name)},"server_name":${JSON.stringify(server.settings.name)}`;
  const points = `"created_at":${seen.createdAt},"avg_delay":${seen.avgDelay}`;
  return `{"monitor_id":${service.id},"server_id":${server.id},${names},"display_index":${service.displayIndex},${points}}`;
}

function nameJson(key: string, name: string): string {
  return name === "" ? "" : `,"${key}":${JSON.stringify(name)}`;
}
