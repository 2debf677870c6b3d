import type { Identity } from "#access/identity";
import type { OAuth2 } from "#access/oauth2";
import type { ServerReach } from "#access/policy";
import type { Protection } from "#access/protection";
import type { AgentChanges } from "#features/agent-changes";
import type { Alerts } from "#features/alerts";
import type { AuditRoom } from "#features/audit";
import type { Availability } from "#features/availability";
import type { BackupRoom } from "#features/backup";
import type { CronRoom } from "#features/cron";
import type { Ddns } from "#features/ddns";
import type { Enrolment } from "#features/enrolment";
import type { Files } from "#features/files";
import type { AgentConfig, Fleet } from "#features/fleet";
import type { Incidents } from "#features/incidents";
import type { LiveFeed } from "#features/live-feed";
import type { Maintenance } from "#features/maintenance";
import type { Mcp } from "#features/mcp";
import type { Nat } from "#features/nat";
import type { Notifications } from "#features/notifications";
import type { Relay } from "#features/relay";
import type { Replicas } from "#features/replicas";
import type { ReportsRoom } from "#features/reports";
import type { Servers } from "#features/servers";
import type { Services } from "#features/services";
import type { Settings } from "#features/settings";
import type { ShareLinksRoom } from "#features/share-links";
import type { StatusPagesRoom } from "#features/status-pages";
import type { Terminal } from "#features/terminal";
import type { TrafficCorrections, TrafficLedger } from "#features/traffic";
import type { Transfers } from "#features/transfers";

import type { AnyRoute } from "#platform/http";

/** Every room of the dashboard that has memory or routes of its own. */
export interface Rooms {
  readonly agentChanges: AgentChanges;
  readonly agentConfig: AgentConfig;
  readonly alerts: Alerts;
  readonly auditRoom: AuditRoom;
  readonly availability: Availability;
  readonly backup: BackupRoom;
  readonly corrections: TrafficCorrections;
  readonly cron: CronRoom;
  readonly ddns: Ddns;
  readonly enrolment: Enrolment;
  readonly files: Files;
  /** Agents are reached wherever their connections end. */
  readonly fleet: Omit<Fleet, "agents"> & Pick<Replicas, "agents">;
  readonly identity: Identity;
  readonly incidents: Incidents;
  readonly liveFeed: LiveFeed;
  readonly maintenance: Maintenance;
  readonly mcp: Mcp;
  readonly nat: Nat;
  readonly notifications: Notifications;
  readonly oauth2: OAuth2;
  readonly protection: Protection;
  /** Servers as the rules of coverage ask for them. */
  readonly reach: ServerReach;
  readonly relay: Relay;
  readonly replicas: Replicas;
  readonly reports: ReportsRoom;
  readonly servers: Servers;
  readonly services: Services;
  readonly settings: Settings;
  readonly shareLinks: ShareLinksRoom;
  readonly statusPages: StatusPagesRoom;
  readonly takeover: { readonly routes: readonly AnyRoute[] };
  readonly terminal: Terminal;
  readonly traffic: TrafficLedger;
  readonly transfers: Transfers;
}

/** Some of the rooms, for whoever needs no others. */
export type Some<Names extends keyof Rooms> = Pick<Rooms, Names>;

/** Rooms that are built after whoever needs them; to be called once everything is there. */
export type Later<Names extends keyof Rooms> = () => Some<Names>;
