import type { StatusPageForm } from "@windfire/api";
import { isItem } from "../as-code/json.ts";
import type { ApiClient } from "../as-code/client.ts";
import { readLive } from "../as-code/live.ts";
import type { Live } from "../as-code/live.ts";
import { carryOut, planFor } from "../as-code/plan.ts";
import type { Plan, Step } from "../as-code/plan.ts";
import type { Takeover } from "./source.ts";

const SERVERS_AT_ONCE = 500;

/** What a take-over will do: what is there already stays as it is. */
export interface TakeoverPlan {
  readonly servers: readonly { readonly uuid: string; readonly name: string }[];
  readonly steps: readonly Step[];
  readonly problems: readonly string[];
  /** Rows of the same name, which stay as they are. */
  readonly there: readonly string[];
}

/** Rows by name: those that are there are not touched, so that a second run makes nothing. */
export function planTakeover({ declared, servers }: Takeover, live: Live): TakeoverPlan {
  const uuids = new Set((live.rows.get("servers") ?? []).map(({ row }) => String(row["uuid"])));
  const missing = servers.filter(({ uuid }) => !uuids.has(uuid));
  const coming = new Set(servers.map(({ name }) => name));
  const known: Live = {
    ...live,
    names: {
      ...live.names,
      idOf: (section, name) => live.names.idOf(section, name) ?? (section === "servers" && coming.has(name) ? 0 : undefined),
    },
  };
  const { steps, problems }: Plan = planFor(declared, known);
  const there = steps.filter(({ does }) => does === "change").map(({ section, name }) => `${section} ${JSON.stringify(name)}`);
  return { servers: missing, steps: steps.filter(({ does }) => does === "create"), problems, there };
}

/** Makes what is missing, then hands over what was measured. @returns points that were new, and those there were */
export async function takeOver(
  takeover: Takeover,
  api: ApiClient,
  told: (line: string) => void,
): Promise<{ readonly points: number; readonly taken: number }> {
  const { servers } = takeover;
  for (let at = 0; at < servers.length; at += SERVERS_AT_ONCE)
    await api.post("/import/server", { servers: servers.slice(at, at + SERVERS_AT_ONCE) });
  const live = await readLive(api);
  const { steps, problems } = planTakeover(takeover, live);
  if (problems.length > 0) throw new Error(problems.join("; "));
  await carryOut({ steps, problems, others: [] }, live, api, ({ section, name }) => told(`+ ${section} ${JSON.stringify(name)}`));
  for (const page of await missingPages(takeover, api)) {
    await api.post("/status-page", page);
    told(`+ status_pages ${JSON.stringify(page.title)}`);
  }
  return handOver(takeover, api);
}

/** Pages whose address is free, with what of their rows is there. */
export async function missingPages({ pages }: Takeover, api: ApiClient): Promise<readonly StatusPageForm[]> {
  if (pages === undefined) return [];
  const there = await api.get("/status-page");
  const slugs = new Set(Array.isArray(there) ? there.filter(isItem).map((page) => page["slug"]) : []);
  const { names } = await readLive(api);
  return pages((name) => names.idOf("services", name)).filter(({ slug }) => !slugs.has(slug));
}

async function handOver(takeover: Takeover, api: ApiClient): Promise<{ readonly points: number; readonly taken: number }> {
  const { names, rows } = await readLive(api);
  const byUuid = new Map((rows.get("servers") ?? []).map(({ id, row }) => [String(row["uuid"]), id]));
  let points = 0;
  let taken = 0;
  const sent = async (path: string, count: number, body: unknown): Promise<void> => {
    const answer = await api.post(path, body);
    points += count;
    taken += isItem(answer) ? Number(answer["taken"]) : 0;
  };
  for await (const { service, server, points: some } of takeover.results()) {
    const ids = { service_id: names.idOf("services", service), server_id: names.idOf("servers", server) };
    if (ids.service_id !== undefined && ids.server_id !== undefined) await sent("/import/result", some.length, { ...ids, points: some });
  }
  for (const { uuid, states } of takeover.states()) {
    const id = byUuid.get(uuid);
    if (id !== undefined) await sent("/import/state", states.length, { server_id: id, states });
  }
  return { points, taken };
}
