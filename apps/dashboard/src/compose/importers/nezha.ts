import { METRIC_NAMES } from "@windfire/api";
import { createApiClient } from "../as-code/client.ts";
import { isItem } from "../as-code/json.ts";
import type { Live } from "../as-code/live.ts";
import type { Results, States, Takeover } from "./source.ts";

/** From the coarsest to the finest: a half minute that is known already stays, so the finest are handed over first. */
const PERIODS = ["1d", "7d", "30d"] as const;

/**
 * Asks a running Nezha for what its time series hold: its folder is private to it. Servers are known by their UUIDs, services by their
 * names. Rows are not taken over: the database is opened as it is.
 *
 * @param most points of one request
 */
export async function readNezha(url: string, token: string, live: Live, most: number): Promise<Takeover> {
  const nezha = createApiClient(url, token);
  const servers = listOf(await nezha.get("/server"));
  const services = listOf(await nezha.get("/service/list"));
  const ours = new Set((live.rows.get("servers") ?? []).map(({ row }) => String(row["uuid"])));
  const nameByUuid = new Map((live.rows.get("servers") ?? []).map(({ name, row }) => [String(row["uuid"]), name]));
  const nameById = new Map(servers.map((server) => [Number(server["id"]), nameByUuid.get(String(server["uuid"]))]));
  const notes = servers
    .filter(({ uuid }) => !ours.has(String(uuid)))
    .map(({ name, uuid }) => `server ${JSON.stringify(name)} (${String(uuid)}) is not known here: open Nezha's database first`);
  const states: States[] = [];
  for (const server of servers) {
    const uuid = String(server["uuid"]);
    if (!ours.has(uuid)) continue;
    for (const period of PERIODS) states.push(...cut(uuid, await statesOf(nezha, Number(server["id"]), period), most));
  }
  async function* results(): AsyncGenerator<Results> {
    for (const service of services) {
      for (const period of PERIODS)
        yield* resultsOf(
          await nezha.get(`/service/${Number(service["id"])}/history?period=${period}`),
          String(service["name"]),
          nameById,
          most,
        );
    }
  }
  const known = services.filter(({ name }) => live.names.idOf("services", String(name)) !== undefined);
  notes.push(
    `${servers.length - notes.length} servers and ${known.length} of ${services.length} services are known here; their last 30 days are taken over`,
  );
  return { servers: [], declared: { sections: new Map() }, notes, results, states: () => states };
}

const listOf = (answer: unknown) => (Array.isArray(answer) ? answer.filter(isItem) : []);

async function statesOf(
  nezha: ReturnType<typeof createApiClient>,
  id: number,
  period: string,
): Promise<Map<number, Record<string, number>>> {
  const byTime = new Map<number, Record<string, number>>();
  for (const metric of METRIC_NAMES) {
    const answer = await nezha.get(`/server/${id}/metrics?metric=${metric}&period=${period}`);
    for (const point of listOf(isItem(answer) ? answer["data_points"] : undefined)) {
      const at = Number(point["ts"]);
      byTime.set(at, { ...byTime.get(at), [metric]: Number(point["value"]) });
    }
  }
  return byTime;
}

function cut(uuid: string, byTime: ReadonlyMap<number, Readonly<Record<string, number>>>, most: number): States[] {
  const all = Array.from(byTime, ([at, values]) => ({ at, values })).filter(({ values }) => values["cpu"] !== undefined);
  return Array.from({ length: Math.ceil(all.length / most) }, (_piece, index) => ({
    uuid,
    states: all.slice(index * most, (index + 1) * most),
  }));
}

function* resultsOf(answer: unknown, service: string, nameById: ReadonlyMap<number, string | undefined>, most: number): Generator<Results> {
  for (const part of listOf(isItem(answer) ? answer["servers"] : undefined)) {
    const server = nameById.get(Number(part["server_id"]));
    const stats = part["stats"];
    if (server === undefined || !isItem(stats)) continue;
    const points = listOf(stats["data_points"]).map((point) => {
      const isUp = Number(point["status"] ?? 1) >= 0.5;
      return {
        at: Number(point["ts"]),
        ...(point["delay"] === undefined ? {} : { delay: Number(point["delay"]) }),
        up: isUp ? 1 : 0,
        down: isUp ? 0 : 1,
      };
    });
    for (let at = 0; at < points.length; at += most) yield { service, server, points: points.slice(at, at + most) };
  }
}
