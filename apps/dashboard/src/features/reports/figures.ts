import type { ReportPreview } from "@windfire/api";
import { availabilityOf as shareOf } from "#features/availability";
import { formatInstant } from "#kernel";
import type { Report, ReportPart, Span } from "./model.ts";
import { billingEnd } from "./model.ts";

export type Figures = ReportPreview["figures"];

/** A server as reports name it. */
export interface ReportedServer {
  readonly id: number;
  readonly name: string;
  readonly publicNote: string;
}

/** A service as reports name it. */
export interface ReportedService {
  readonly id: number;
  readonly name: string;
  /** When its certificate ends, Unix milliseconds. */
  readonly certificateEnds: number | undefined;
}

/** An incident as reports tell it. */
export interface ReportedIncident {
  readonly id: number;
  readonly source: "alert" | "service";
  readonly sourceId: number;
  readonly serverId: number;
  readonly severity: "info" | "warning" | "critical";
  readonly title: string;
  readonly serverName: string;
  readonly openedAt: number;
  /** 0: it lasts. */
  readonly endedAt: number;
}

/** Where the figures come from. */
export interface FigureSources {
  readonly now: () => number;
  /** Servers an owner's report may be about. */
  readonly serversOf: (ownerId: number) => readonly ReportedServer[];
  readonly servicesOf: (ownerId: number) => readonly ReportedService[];
  readonly membersOf: (groupId: number) => readonly number[];
  /** One definition of availability for all of the program. */
  readonly availability: (
    serverIds: readonly number[],
    from: number,
    to: number,
  ) => Promise<ReadonlyMap<number, { readonly onlineMs: number; readonly offlineMs: number }>>;
  /** Results of services on the days of the configuration's zone that begin in a span. */
  readonly serviceResults: (
    serviceIds: readonly number[],
    span: Span,
  ) => Promise<ReadonlyMap<number, { readonly up: number; readonly down: number }>>;
  /** Newest first; those that lasted in a span. */
  readonly incidents: (ownerId: number, span: Span) => Promise<readonly ReportedIncident[]>;
  /** Bytes. */
  readonly traffic: (serverId: number, span: Span) => Promise<{ readonly in: number; readonly out: number }>;
}

const DAY_MS = 86_400_000;
/** What ends within so many days is named, and what has ended up to so many days ago. */
const SOON_DAYS = 30;
const LONGEST_INCIDENTS = 10;

/** What a report says of a period. */
export async function figuresOf(sources: FigureSources, report: Report, span: Span): Promise<Figures> {
  const { servers, services } = subjectsOf(sources, report);
  const collect: Readonly<Record<ReportPart, () => Promise<Figures>>> = {
    availability: async () => ({ availability: await availabilityOf(sources, servers, span) }),
    services: async () => ({ services: await resultsOf(sources, services, span) }),
    incidents: async () => {
      const isEverything = report.serverIds.length + report.groupIds.length + report.serviceIds.length === 0;
      const [serverIds, serviceIds] = [servers, services].map((rows) => new Set(rows.map(({ id }) => id)));
      const isMeant = ({ source, sourceId, serverId }: ReportedIncident): boolean =>
        isEverything || (source === "service" ? serviceIds?.has(sourceId) : serverIds?.has(serverId)) === true;
      return { incidents: incidentsOf((await sources.incidents(report.ownerId, span)).filter(isMeant), span) };
    },
    traffic: async () => {
      const traffic = [];
      for (const { id, name } of servers) {
        const bytes = await sources.traffic(id, span);
        if (bytes.in + bytes.out > 0) traffic.push({ server_id: id, name, ...bytes });
      }
      return { traffic: traffic.toSorted((a, b) => b.in + b.out - a.in - a.out) };
    },
    expiry: async () => ({ expiry: expiryOf(servers, services, sources.now()) }),
  };
  const found: Figures = {};
  for (const part of report.parts) Object.assign(found, await collect[part]());
  return found;
}

/** What of the owner's a report is about. */
function subjectsOf(sources: FigureSources, { ownerId, serverIds, groupIds, serviceIds }: Report) {
  const servers = sources.serversOf(ownerId);
  const services = sources.servicesOf(ownerId);
  if (serverIds.length + groupIds.length + serviceIds.length === 0) return { servers, services };
  const wanted = new Set([...serverIds, ...groupIds.flatMap((id) => sources.membersOf(id))]);
  const wantedServices = new Set(serviceIds);
  return { servers: servers.filter(({ id }) => wanted.has(id)), services: services.filter(({ id }) => wantedServices.has(id)) };
}

/** Worst first, unknown last. */
async function availabilityOf(sources: FigureSources, servers: readonly ReportedServer[], { from, to }: Span) {
  const shares = await sources.availability(
    servers.map(({ id }) => id),
    from,
    to,
  );
  const rows = servers.map(({ id, name }) => {
    const { onlineMs = 0, offlineMs = 0 } = shares.get(id) ?? {};
    return { server_id: id, name, percent: percentOf(onlineMs, offlineMs), offline_seconds: Math.round(offlineMs / 1_000) };
  });
  return rows.toSorted(byPercent);
}

async function resultsOf(sources: FigureSources, services: readonly ReportedService[], span: Span) {
  const results = await sources.serviceResults(
    services.map(({ id }) => id),
    span,
  );
  const rows = services.map(({ id, name }) => {
    const { up = 0, down = 0 } = results.get(id) ?? {};
    return { service_id: id, name, percent: percentOf(up, down), up, down };
  });
  return rows.toSorted(byPercent);
}

function incidentsOf(incidents: readonly ReportedIncident[], { from, to }: Span): NonNullable<Figures["incidents"]> {
  const opened = incidents.filter(({ openedAt }) => openedAt >= from && openedAt < to);
  const having = (severity: ReportedIncident["severity"]): number => opened.filter((incident) => incident.severity === severity).length;
  const lasted = ({ openedAt, endedAt }: ReportedIncident): number =>
    Math.max(Math.round((Math.min(endedAt === 0 ? to : endedAt, to) - Math.max(openedAt, from)) / 1_000), 0);
  const longest = incidents
    .map((incident) => ({ ...incident, seconds: lasted(incident) }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, LONGEST_INCIDENTS);
  return {
    opened: opened.length,
    critical: having("critical"),
    warning: having("warning"),
    info: having("info"),
    open_now: incidents.filter(({ endedAt }) => endedAt === 0).length,
    longest: longest.map(({ id, title, serverName, openedAt, seconds }) => ({
      id,
      title,
      server_name: serverName,
      opened_at: formatInstant(openedAt),
      seconds,
    })),
  };
}

/** Soonest first. */
function expiryOf(servers: readonly ReportedServer[], services: readonly ReportedService[], now: number) {
  const ends = [
    ...services.map(({ id, name, certificateEnds }) => ({ what: "certificate" as const, id, name, ends: certificateEnds })),
    ...servers.map(({ id, name, publicNote }) => ({ what: "server" as const, id, name, ends: billingEnd(publicNote) })),
  ];
  return ends
    .flatMap(({ ends: at, ...row }) => (at === undefined ? [] : [{ ...row, at, daysLeft: Math.floor((at - now) / DAY_MS) }]))
    .filter(({ daysLeft }) => Math.abs(daysLeft) <= SOON_DAYS)
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, daysLeft, ...row }) => ({ ...row, at: formatInstant(at), days_left: daysLeft }));
}

function percentOf(good: number, bad: number): number | null {
  return shareOf(good, bad) ?? null;
}

function byPercent(a: { readonly percent: number | null }, b: { readonly percent: number | null }): number {
  return (a.percent ?? 101) - (b.percent ?? 101);
}
