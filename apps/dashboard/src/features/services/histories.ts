import { shortFloat32 } from "@windfire/api";
import { periodFor, servicePeriodFor } from "#features/history";
import type { ServerServiceHistory, ServiceServerHistory } from "#features/history";
import type { LiveServer } from "#features/servers";
import type { Caller } from "#kernel";
import { JsonParts, JsonText } from "#platform/http";
import { covers } from "./model.ts";
import type { Service } from "./model.ts";
import { shownSpread } from "./spread.ts";
import type { ServiceHistorySource } from "./table-history.ts";
import type { ServiceVisibility } from "./visibility.ts";

export interface ServiceHistoryDeps {
  readonly visibility: ServiceVisibility;
  readonly history: ServiceHistorySource;
  readonly now: () => number;
}

/** How services were (spec 11 sections 4.7 and 4.8). Only what the caller may see is asked for. */
export function createServiceHistories({ visibility, history, now }: ServiceHistoryDeps) {
  return {
    async ofService(caller: Caller, id: number, periodText: string | undefined, detail: boolean): Promise<JsonText | JsonParts> {
      const service = visibility.service(caller, id);
      const period = (detail ? servicePeriodFor : periodFor)(caller, periodText);
      const servers = new Map(visibility.servers(caller).map((server) => [server.id, server]));
      const ids = [...servers.keys()].toSorted((a, b) => a - b);
      const items = rendered(history.serviceHistory(id, ids, period, now(), detail), (seen) =>
        serverJson(servers.get(seen.serverId), seen, detail),
      );
      return (
        (await inList(`{"service_id":${id}${nameJson("service_name", service.name)},"servers":[`, items, "]}")) ??
        new JsonText(`{"service_id":${id}${nameJson("service_name", service.name)},"servers":[]}`)
      );
    },

    /** Never an empty list: clients take one for "has services". */
    async ofServer(caller: Caller, id: number, periodText: string | undefined): Promise<JsonText | JsonParts | null> {
      const server = visibility.server(caller, id);
      const period = periodFor(caller, periodText);
      const covering = visibility.services(caller).filter((service) => covers(service, id));
      const services = new Map(covering.map((service) => [service.id, service]));
      const items = rendered(history.serverServices(id, [...services.keys()], period, now()), (seen) =>
        seen.createdAt === "[]" ? "" : serviceJson(services.get(seen.serviceId), server, seen),
      );
      return (await inList("[", items, "]")) ?? null;
    },
  };
}

export type ServiceHistories = ReturnType<typeof createServiceHistories>;

/** Each page of items as pieces of a list; pages without any are left out. */
async function* rendered<T>(pages: AsyncIterable<T[]>, render: (item: T) => string): AsyncGenerator<string> {
  for await (const page of pages) {
    const text = page
      .map(render)
      .filter((part) => part !== "")
      .join(",");
    if (text !== "") yield text;
  }
}

/** A list of what comes; undefined when nothing does. What fits into one page is answered at once, so that a failure still is an error. */
async function inList(open: string, items: AsyncGenerator<string>, close: string): Promise<JsonText | JsonParts | undefined> {
  const first = await items.next();
  if (first.done === true) return undefined;
  const second = await items.next();
  if (second.done === true) return new JsonText(`${open}${first.value}${close}`);
  return new JsonParts(chained(`${open}${first.value},${second.value}`, items, close));
}

/** `items` behind a head; ending the chain ends them, also before anything was read of it. */
function chained(head: string, items: AsyncGenerator<string>, close: string): AsyncIterableIterator<string> {
  const pieces = (async function* () {
    yield head;
    for await (const item of items) yield `,${item}`;
    yield close;
  })();
  const chain: AsyncIterableIterator<string> = {
    next: () => pieces.next(),
    return: async () => {
      await items.return(undefined);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => chain,
  };
  return chain;
}

/** "" for a server that is not to be seen. */
function serverJson(server: LiveServer | undefined, seen: ServiceServerHistory, detail: boolean): string {
  if (!server) return "";
  const counts = `"total_up":${seen.totalUp},"total_down":${seen.totalDown}`;
  const points = seen.dataPoints === "[]" ? "" : `,"${detail ? "points" : "data_points"}":${seen.dataPoints}`;
  const spread = detail ? `,${JSON.stringify(shownSpread(seen.spread)).slice(1, -1)}` : "";
  const stats = `{"avg_delay":${seen.avgDelay},"up_percent":${shortFloat32(seen.upPercent)},${counts}${spread}${points}}`;
  return `{"server_id":${server.id}${nameJson("server_name", server.settings.name)},"stats":${stats}}`;
}

function serviceJson(service: Service | undefined, server: LiveServer, seen: ServerServiceHistory): string {
  if (!service) return "";
  const names = `"monitor_name":${JSON.stringify(service.name)},"server_name":${JSON.stringify(server.settings.name)}`;
  const points = `"created_at":${seen.createdAt},"avg_delay":${seen.avgDelay}`;
  return `{"monitor_id":${service.id},"server_id":${server.id},${names},"display_index":${service.displayIndex},${points}}`;
}

function nameJson(key: string, name: string): string {
  return name === "" ? "" : `,"${key}":${JSON.stringify(name)}`;
}
