import type { ReachedThrough, ServiceQuorum } from "@windfire/api";
import { flaggedCoverage } from "#access/policy";
import type { Coverage } from "#access/policy";

/** Kinds of probes; nothing else may ever be stored, scheduled or sent to an agent (spec 30 section 1.1). */
export const SERVICE_TYPES = [1, 2, 3] as const;

/** A target that servers probe (spec 41 section 10.6). */
export interface Service {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  /** 1 HTTP GET, 2 ICMP ping, 3 TCP ping. */
  readonly type: number;
  readonly target: string;
  /** Seconds between probes as stored; 0 stands for {@link DEFAULT_INTERVAL_SECONDS}. */
  readonly duration: number;
  /** Larger sorts first. */
  readonly displayIndex: number;
  readonly notify: boolean;
  /** 0: none. */
  readonly notificationGroupId: number;
  /** 0 all servers but the list, 1 only the list. */
  readonly cover: number;
  /** Server id → whether it is on the list that `cover` speaks of. */
  readonly skipServers: Readonly<Record<string, boolean>> | null;
  readonly enableTriggerTask: boolean;
  readonly hideForGuest: boolean;
  /** Crons. */
  readonly failTriggerTasks: readonly number[] | null;
  readonly recoverTriggerTasks: readonly number[] | null;
  /** Milliseconds, 32-bit floats; 0: no bound. */
  readonly minLatency: number;
  readonly maxLatency: number;
  readonly latencyNotify: boolean;
  readonly options: ServiceOptions;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Options of ours, as they are stored: what nobody has said is not there. */
export interface ServiceOptions {
  /** While that is down, nobody is told of what fails here. */
  readonly reachedThrough?: ReachedThrough;
  /** By how many servers it is judged; otherwise by the last quarter of an hour. */
  readonly quorum?: ServiceQuorum;
  /** Failures in a row of one server that do not count yet. */
  readonly retries?: number;
}

/** Whether it matters which server a result comes from. */
export function tellsServersApart({ quorum, retries = 0 }: ServiceOptions): boolean {
  return quorum !== undefined || retries > 0;
}

/** What a person writes of a service. Of the options what is left out stays what it is, and null takes it away. */
export type ServiceSettings = Omit<Service, "id" | "ownerId" | "options" | "createdAt" | "updatedAt"> & {
  readonly options: { readonly [Name in keyof ServiceOptions]: ServiceOptions[Name] | null | undefined };
};

/** What is stored when a form is saved over options. */
export function mergeOptions(stored: ServiceOptions, said: ServiceSettings["options"]): ServiceOptions {
  const merged = Object.entries({ ...stored, ...withoutUndefined(said) }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

function withoutUndefined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const DEFAULT_INTERVAL_SECONDS = 30;
/** What fits the reference's interval type. */
export const LONGEST_INTERVAL_SECONDS = 9_223_372_036;

export function intervalSeconds(service: Pick<Service, "duration">): number {
  return service.duration || DEFAULT_INTERVAL_SECONDS;
}

export function isServiceType(type: number): boolean {
  return SERVICE_TYPES.some((known) => known === type);
}

export function coverageOf(service: Pick<Service, "cover" | "skipServers">): Coverage | undefined {
  return flaggedCoverage(service.cover, service.skipServers ?? {});
}

/** Whether a server is one of those that `cover` and the list speak of, whoever owns it. */
export function covers(service: Pick<Service, "cover" | "skipServers">, serverId: number): boolean {
  const isListed = service.skipServers?.[serverId] === true;
  return service.cover === 0 ? !isListed : service.cover === 1 && isListed;
}

/** Display order: index descending, then id ascending (spec 11 section 4.2). */
export function byDisplayOrder(a: Service, b: Service): number {
  return b.displayIndex - a.displayIndex || a.id - b.id;
}

/** What is deleted elsewhere; ids. */
export interface Gone {
  readonly servers?: ReadonlySet<number>;
  readonly crons?: ReadonlySet<number>;
  readonly notificationGroups?: ReadonlySet<number>;
}

/** A service without references to what is gone; the service itself when it has none. */
export function withoutReferences(service: Service, { servers, crons, notificationGroups }: Gone): Service {
  const hasServer = Object.keys(service.skipServers ?? {}).some((id) => servers?.has(Number(id)));
  const hasCron = [...(service.failTriggerTasks ?? []), ...(service.recoverTriggerTasks ?? [])].some((id) => crons?.has(id));
  const hasGroup = notificationGroups?.has(service.notificationGroupId) ?? false;
  if (!hasServer && !hasCron && !hasGroup) return service;
  const kept = (ids: readonly number[] | null): readonly number[] | null => ids && ids.filter((id) => !crons?.has(id));
  const listed = service.skipServers && Object.entries(service.skipServers).filter(([id]) => !servers?.has(Number(id)));
  return {
    ...service,
    skipServers: listed && Object.fromEntries(listed),
    failTriggerTasks: kept(service.failTriggerTasks),
    recoverTriggerTasks: kept(service.recoverTriggerTasks),
    notificationGroupId: hasGroup ? 0 : service.notificationGroupId,
  };
}

/** As messages name what they are about. */
export function subjectOf(serviceId: number): string {
  return `service ${serviceId}`;
}
