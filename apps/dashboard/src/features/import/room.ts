import { ImportedPoints, ImportedServers, ImportResults, ImportServers, ImportStates } from "@windfire/api";
import { reasonOf } from "@windfire/kit";
import { reachesServer, serverListOf } from "#access/policy";
import { serverKind, serverStore } from "#features/servers";
import { SERVER_METRICS } from "#features/history";
import type { History } from "#features/history";
import { adminOnly, refuse, refuseText, requireUser } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";

/** What the room needs of others. */
export interface ImportDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly history: Pick<History, "importProbes" | "recordLate" | "enabled">;
  readonly hasServer: (id: number) => boolean;
  readonly hasService: (id: number) => boolean;
}

const tag = "import";

/** Clocks of two machines that differ by less are not told apart. */
const CLOCKS_MS = 5 * 60_000;

/** Takes over what other programs knew, for administrators: servers before their agents come, and what was measured before. */
export function createImport(deps: ImportDeps): { readonly routes: readonly AnyRoute[] } {
  return { routes: [serverRoute(deps), ...pointRoutes(deps)] };
}

function serverRoute({ database, audit, now }: ImportDeps): AnyRoute {
  return route({
    method: "POST",
    path: "/import/server",
    access: adminOnly(),
    summary: "Make servers before their agents come; those whose UUID is known already stay as they are",
    tag,
    body: ImportServers,
    data: ImportedServers,
    run: async ({ caller, body }) => {
      const user = requireUser(caller);
      // A token for chosen servers makes none.
      if (serverListOf(caller) !== undefined) throw refuse("permission denied");
      const servers = await database.change(async (tx, changes) => {
        const stored = await serverStore.withUuids(
          tx,
          body.servers.map(({ uuid }) => uuid),
        );
        const known = new Map(stored.map(({ uuid, id }) => [uuid, id]));
        const outcomes: { uuid: string; id: number; created: boolean }[] = [];
        for (const { uuid, name, ...rest } of body.servers) {
          const there = known.get(uuid);
          const id = there ?? (await serverStore.insert(tx, { uuid, ownerId: user.id, name }, now()));
          if (there === undefined) {
            await serverStore.describe(tx, id, {
              note: rest.note,
              publicNote: rest.public_note,
              displayIndex: rest.display_index,
              hideForGuest: rest.hide_for_guest,
            });
            known.set(uuid, id);
            changes.put(serverKind.name, id);
            await audit.write(tx, { actor: actorOf(caller), action: "server.import", kind: "server", key: id, to: { name, uuid } });
          }
          outcomes.push({ uuid, id, created: there === undefined });
        }
        return outcomes;
      });
      return { servers };
    },
  });
}

function pointRoutes({ database, audit, now, history, hasServer, hasService }: ImportDeps): AnyRoute[] {
  const requireHistory = (): void => {
    if (!history.enabled) throw refuseText("history is switched off in the configuration");
  };
  const requireServer = (caller: Caller, id: number): void => {
    if (!hasServer(id)) throw refuseText(`server_id: server id ${id} does not exist`);
    if (!reachesServer(caller, id)) throw refuse("permission denied");
  };
  /** A point of the future would be the newest one until then: what is measured meanwhile would be told as older. */
  const requirePast = (field: string, points: readonly { readonly at: number }[]): void => {
    const latest = now() + CLOCKS_MS;
    const index = points.findIndex(({ at }) => at > latest);
    if (index >= 0) throw refuseText(`${field}.${index}.at: must not be later than now`);
  };
  const written = (work: Promise<number>): Promise<number> =>
    work.catch((error: unknown) => {
      throw refuseText(`nothing was taken over: ${reasonOf(error)}`);
    });
  return [
    route({
      method: "POST",
      path: "/import/result",
      access: adminOnly(),
      summary: "Take over results of a service from one server; what is there already stays",
      tag,
      body: ImportResults,
      data: ImportedPoints,
      async run({ caller, body: { service_id: service, server_id: server, points } }) {
        requireHistory();
        requireServer(caller, server);
        if (!hasService(service)) throw refuseText(`service_id: service id ${service} does not exist`);
        requirePast("points", points);
        const flat = points.flatMap(({ at, delay, up, down }) => [service, server, at, delay ?? Number.NaN, up, down]);
        const taken = await written(history.importProbes(Float64Array.from(flat)));
        const deed = { actor: actorOf(caller), action: "history.import", kind: "service", key: service, to: { server, taken } };
        await database.change((tx) => audit.write(tx, deed));
        return { taken };
      },
    }),
    route({
      method: "POST",
      path: "/import/state",
      access: adminOnly(),
      summary: "Take over states of a server; what is there already stays",
      tag,
      body: ImportStates,
      data: ImportedPoints,
      async run({ caller, body: { server_id: server, states } }) {
        requireHistory();
        requireServer(caller, server);
        requirePast("states", states);
        const flat = states.flatMap(({ at, values }) => [at, ...SERVER_METRICS.map((metric) => values[metric] ?? Number.NaN)]);
        const taken = await written(history.recordLate(server, Float64Array.from(flat)));
        const deed = { actor: actorOf(caller), action: "history.import", kind: "server", key: server, to: { taken } };
        await database.change((tx) => audit.write(tx, deed));
        return { taken };
      },
    }),
  ];
}
