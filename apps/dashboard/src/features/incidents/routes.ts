import { AcknowledgeForm, Incident as IncidentJson, IncidentDetail, IncidentSamples, IncidentSeverity, Nothing } from "@windfire/api";
import type { Delivery } from "@windfire/api";
import { z } from "zod";
import { canManage, reachesServer, serverListOf } from "#access/policy";
import { serviceSubject } from "#features/services";
import { formatInstant, isAdmin, refuseText, requireUser, scope, sightOf } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { eventOf } from "./model.ts";
import type { Incident } from "./model.ts";
import type { Parents } from "./parents.ts";
import { incidentStore, openIncidentKind } from "./store.ts";

export interface IncidentRouteDeps {
  readonly database: Pick<Database, "kysely" | "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  /** Messages of an event, or of one of its incidents, through channels that the caller may manage, oldest first. */
  readonly messagesOf: (caller: Caller, event: string, incident?: number) => Promise<Delivery[]>;
  readonly parentsOf: Parents["above"];
  readonly samplesOf: (incident: Incident) => Promise<IncidentSamples>;
}

const tag = "incident";
const MOST = 500;
/** Lines of a timeline that are shown. */
const MOST_ENTRIES = 1_000;

const listQuery = z.object({
  open: z.enum(["true", "false"]).optional().meta({ description: "Only those that last, or only those that ended" }),
  source: z.enum(["alert", "service"]).optional(),
  source_id: z.coerce.number().int().positive().optional().meta({ description: "Only of this rule or service; with `source`" }),
  server: z.coerce.number().int().positive().optional().meta({ description: "Only of this server" }),
  severity: IncidentSeverity.optional(),
  since: z.iso.datetime({ offset: true }).optional().meta({ description: "Only opened since" }),
  before: z.coerce.number().int().positive().optional().meta({ description: "Only with smaller ids: the last id of the page before" }),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
});

function shown(incident: Incident): IncidentJson {
  const { endedAt, outcome, held, acknowledgedAt, note } = incident;
  return {
    id: incident.id,
    source: incident.source,
    source_id: incident.sourceId,
    server_id: incident.serverId,
    title: incident.title,
    server_name: incident.serverName,
    severity: incident.severity,
    opened_at: formatInstant(incident.openedAt),
    ...(endedAt === 0 ? {} : { ended_at: formatInstant(endedAt) }),
    ...(outcome === "" ? {} : { outcome }),
    ...(held === "" ? {} : { held }),
    ...(incident.value === "" ? {} : { value: incident.value }),
    ...(incident.limit === "" ? {} : { limit: incident.limit }),
    ...(acknowledgedAt === 0 ? {} : { acknowledged_at: formatInstant(acknowledgedAt), acknowledged_by: incident.acknowledgedBy, note }),
  };
}

/** A token with a server list has no business with incidents of services, which are about no server of it. */
function mine(caller: Caller, id: number, incident: Incident | undefined): Incident {
  const isMine = incident && canManage(caller, incident) && reachesServer(caller, incident.serverId);
  if (!isMine) throw refuseText(`incident id ${id} does not exist`);
  return incident;
}

/** As {@link mine}, and what is about the servers of a viewer. */
function readable(caller: Caller, id: number, incident: Incident | undefined): Incident {
  const isSeen = incident && sightOf(caller)?.has(incident.serverId) && reachesServer(caller, incident.serverId);
  return isSeen ? incident : mine(caller, id, incident);
}

/** Whose incidents a list is of; with a list of servers, of these alone. */
function reachFilter(caller: Caller): { readonly ownerId?: number; readonly serverIds?: readonly number[] } {
  const listed = serverListOf(caller);
  const sight = sightOf(caller);
  if (sight) return { serverIds: sight.serverIds().filter((id) => reachesServer(caller, id)) };
  return { ...(isAdmin(caller) ? {} : { ownerId: requireUser(caller).id }), ...(listed === undefined ? {} : { serverIds: [...listed] }) };
}

/** What is said of it, and what it is reached through. */
function aroundIt({ text }: Incident, [parent]: ReturnType<Parents["above"]>) {
  return {
    ...(text === "" ? {} : { text }),
    ...(parent ? { parent: { kind: parent.kind, id: parent.id, name: parent.name, state: parent.state } } : {}),
  };
}

/** The event that its messages are found by; those of a service have one for all its incidents. */
function toldBy({ id, source, sourceId }: Incident): [event: string, incident?: number] {
  return source === "service" ? [serviceSubject(sourceId), id] : [eventOf({ id })];
}

/** Incidents of the caller's rules and services. Ours: the reference keeps none. */
export function incidentRoutes({ database, audit, now, messagesOf, parentsOf, samplesOf }: IncidentRouteDeps): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/incident",
      access: scope("nezha:alertrule:read"),
      summary: "What failed, newest first",
      tag,
      query: listQuery,
      data: z.array(IncidentJson),
      async run({ caller, query: { open, source, source_id, server, severity, since, before, limit } }) {
        const filter = {
          ...(open === undefined ? {} : { open: open === "true" }),
          ...(source === undefined ? {} : { source }),
          ...(source_id === undefined ? {} : { sourceId: source_id }),
          ...(server === undefined ? {} : { serverId: server }),
          ...(severity === undefined ? {} : { severity }),
          ...(since === undefined ? {} : { since: Date.parse(since) }),
          ...(before === undefined ? {} : { beforeId: before }),
          ...reachFilter(caller),
        };
        return (await incidentStore.list(database.kysely, filter, limit)).map(shown);
      },
    }),
    route({
      method: "GET",
      path: "/incident/:id",
      access: scope("nezha:alertrule:read"),
      summary: "One incident with its timeline and what became of its messages",
      tag,
      params: idParams,
      data: IncidentDetail,
      async run({ caller, params: { id } }) {
        const incident = readable(caller, id, await incidentStore.find(database.kysely, id));
        const entries = await incidentStore.entries(database.kysely, id, MOST_ENTRIES);
        return {
          ...shown(incident),
          timeline: entries.map(({ at, kind, detail }) => ({ at: formatInstant(at), kind, ...(detail === null ? {} : { detail }) })),
          messages: await messagesOf(caller, ...toldBy(incident)),
          // What it is reached through may be no server of a viewer.
          ...aroundIt(incident, sightOf(caller) ? [] : parentsOf(incident)),
        };
      },
    }),
    route({
      method: "GET",
      path: "/incident/:id/samples",
      access: scope("nezha:alertrule:read"),
      summary: "What was measured around an incident, and when its server was away",
      tag,
      params: idParams,
      data: IncidentSamples,
      run: async ({ caller, params: { id } }) => samplesOf(readable(caller, id, await incidentStore.find(database.kysely, id))),
    }),
    route({
      method: "POST",
      path: "/incident/:id/acknowledge",
      access: scope("nezha:alertrule:write"),
      summary: "Say that somebody has seen it; there are no reminders any more",
      tag,
      params: idParams,
      body: AcknowledgeForm,
      data: Nothing,
      async run({ caller, params: { id }, body: { note } }) {
        const by = requireUser(caller).username;
        await database.change(async (tx, changes) => {
          const incident = mine(caller, id, await incidentStore.find(tx, id));
          // Said already, or over: nothing is left to stop, and the timeline has it once.
          if (incident.endedAt !== 0 || incident.acknowledgedAt !== 0) return;
          await incidentStore.acknowledge(tx, id, { at: now(), by, note });
          await incidentStore.addEntry(tx, id, now(), "acknowledged", { by, note });
          changes.put(openIncidentKind.name, id);
          await audit.write(tx, { actor: actorOf(caller), action: "incident.acknowledge", kind: "incident", key: id, to: { note } });
        });
        return null;
      },
    }),
  ];
}
