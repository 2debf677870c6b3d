import { SEVERITIES } from "#features/notifications";
import type { Severity } from "#features/notifications";

/** What an incident is about: a rule on a server, or a service. */
export type IncidentSource = "alert" | "service";

/**
 * How an incident came to its end. Only `recovered` says that all is well again; the others say that nobody looks any more: the rule or
 * service was saved, switched off or deleted, the server is gone, or is not the rule owner's any more.
 */
export const OUTCOMES = ["recovered", "changed", "disabled", "deleted", "server-deleted", "out-of-reach"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is told of one failing, and nobody else is told of. Times in Unix milliseconds. */
export interface Incident {
  readonly id: number;
  readonly source: IncidentSource;
  /** Rule or service. */
  readonly sourceId: number;
  /** 0 for a service. */
  readonly serverId: number;
  readonly ownerId: number;
  /** Notification group that is told; 0: nobody. */
  readonly groupId: number;
  /** Whether the group is told again while it lasts. */
  readonly reminds: boolean;
  readonly severity: Severity;
  /** Names as they were then. */
  readonly title: string;
  readonly serverName: string;
  /** What the group is told. */
  readonly text: string;
  /** What was measured at its beginning, and what is allowed, with their units; "": there is no figure. */
  readonly value: string;
  readonly limit: string;
  readonly openedAt: number;
  /** 0: it lasts. */
  readonly endedAt: number;
  readonly outcome: Outcome | "";
  /** Why nobody was told yet; "": they were. */
  readonly held: string;
  /** 0: not acknowledged. */
  readonly acknowledgedAt: number;
  readonly acknowledgedBy: string;
  readonly note: string;
}

export type NewIncident = Pick<
  Incident,
  | "source"
  | "sourceId"
  | "serverId"
  | "ownerId"
  | "groupId"
  | "reminds"
  | "severity"
  | "title"
  | "serverName"
  | "text"
  | "value"
  | "limit"
  | "openedAt"
>;

/** What happened in the course of an incident. Never renamed: rows are kept for a year. */
export const ENTRY_KINDS = ["opened", "held", "told", "acknowledged", "ended"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A line of an incident's timeline. */
export interface Entry {
  readonly at: number;
  readonly kind: EntryKind;
  /** JSON value that belongs to the kind. */
  readonly detail: unknown;
}

/** What a pair of rule and server is called where messages are put in order. */
export function pairOf({ source, sourceId, serverId }: Pick<Incident, "source" | "sourceId" | "serverId">): string {
  return `${source} ${sourceId} ${serverId}`;
}

/** As the outbox names an incident. */
export function eventOf({ id }: Pick<Incident, "id">): string {
  return `incident ${id}`;
}

/** Label of its repetitions (spec 30 section 2.5): its own, so that no earlier incident mutes it. */
export function muteOf({ id, sourceId, serverId }: Pick<Incident, "id" | "sourceId" | "serverId">): string {
  return `bf::sei-${serverId}-${sourceId}:event-${id}`;
}

export function readSeverity(value: unknown): Severity {
  return SEVERITIES.find((severity) => severity === value) ?? "warning";
}
