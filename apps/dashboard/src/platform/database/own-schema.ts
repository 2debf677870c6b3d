import type {
  AlertRuleOptionsTable,
  IncidentEntriesTable,
  IncidentsTable,
  MaintenanceWindowsTable,
  SnoozesTable,
} from "./incident-tables.ts";
import type { CronOptionsTable, CronResultsTable, CronRunsTable, ReportsTable } from "./job-tables.ts";
import type { AuditTable, ChangesTable, CommonSettingsTable, LeasesTable, OutboxTable, TicketsTable } from "./machinery-tables.ts";
import type {
  MaintenanceSpansTable,
  PageExportsTable,
  PageIncidentsTable,
  PageMaintenancesTable,
  PageSubscribersTable,
  PageTemplatesTable,
  PageUpdatesTable,
  StatusPagesTable,
} from "./page-tables.ts";
import type {
  AgentChangesTable,
  PresenceTable,
  RunsTable,
  ServerOptionsTable,
  ServiceDaysTable,
  ServiceHalvesTable,
  ServiceOptionsTable,
  ServiceStatesTable,
} from "./watched-tables.ts";
import type {
  ChannelsTable,
  DdnsRecordsTable,
  EnrolmentCodesTable,
  EnrolmentsTable,
  MetaTable,
  MutesTable,
  NotificationOptionsTable,
  SeenHostsTable,
} from "./own-rows.ts";
import type {
  AccessRowsTable,
  AccessTable,
  DevicesTable,
  DisabledUsersTable,
  PasskeysTable,
  RecoveryCodesTable,
  SessionDetailsTable,
  SignInNoticesTable,
  TotpTable,
} from "./sign-in-tables.ts";
import type { ShareLinksTable, ShareRowsTable } from "./share-tables.ts";
import type { TrafficCorrectionsTable, TrafficHoursTable, TrafficMarkTable, TrafficTable, TrafficTakenTable } from "./traffic-tables.ts";

/**
 * Tables of our own. They live in the same file as the reference's, so that one transaction covers both, and have the prefix `wf_`.
 * A table is added here, and its text as the last entry of `ownMigrations` (own-migrations.ts).
 */
export interface OwnSchema {
  wf_meta: MetaTable;
  wf_seen_hosts: SeenHostsTable;
  wf_changes: ChangesTable;
  wf_outbox: OutboxTable;
  wf_audit: AuditTable;
  wf_mutes: MutesTable;
  wf_traffic: TrafficTable;
  wf_traffic_mark: TrafficMarkTable;
  wf_traffic_hours: TrafficHoursTable;
  wf_traffic_taken: TrafficTakenTable;
  wf_traffic_corrections: TrafficCorrectionsTable;
  wf_service_days: ServiceDaysTable;
  wf_service_halves: ServiceHalvesTable;
  wf_service_states: ServiceStatesTable;
  wf_ddns_records: DdnsRecordsTable;
  wf_incidents: IncidentsTable;
  wf_incident_entries: IncidentEntriesTable;
  wf_alert_rule_options: AlertRuleOptionsTable;
  wf_snoozes: SnoozesTable;
  wf_maintenance_windows: MaintenanceWindowsTable;
  wf_channels: ChannelsTable;
  wf_notification_options: NotificationOptionsTable;
  wf_enrolment_codes: EnrolmentCodesTable;
  wf_enrolments: EnrolmentsTable;
  wf_server_options: ServerOptionsTable;
  wf_service_options: ServiceOptionsTable;
  wf_presence: PresenceTable;
  wf_runs: RunsTable;
  wf_cron_options: CronOptionsTable;
  wf_cron_runs: CronRunsTable;
  wf_cron_results: CronResultsTable;
  wf_reports: ReportsTable;
  wf_totp: TotpTable;
  wf_recovery_codes: RecoveryCodesTable;
  wf_sessions: SessionDetailsTable;
  wf_devices: DevicesTable;
  wf_passkeys: PasskeysTable;
  wf_access: AccessTable;
  wf_disabled_users: DisabledUsersTable;
  wf_share_links: ShareLinksTable;
  wf_share_rows: ShareRowsTable;
  wf_access_rows: AccessRowsTable;
  wf_sign_in_notices: SignInNoticesTable;
  wf_status_pages: StatusPagesTable;
  wf_page_exports: PageExportsTable;
  wf_page_incidents: PageIncidentsTable;
  wf_page_updates: PageUpdatesTable;
  wf_page_maintenances: PageMaintenancesTable;
  wf_page_templates: PageTemplatesTable;
  wf_page_subscribers: PageSubscribersTable;
  wf_maintenance_spans: MaintenanceSpansTable;
  wf_leases: LeasesTable;
  wf_tickets: TicketsTable;
  wf_common_settings: CommonSettingsTable;
  wf_agent_changes: AgentChangesTable;
}
