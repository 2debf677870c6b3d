import type { ColumnType, Generated } from "kysely";

/**
 * Every table of a Nezha v2 database exactly as stored (spec 41 section 10). Any non-key column may be NULL in rows written by
 * older versions or by hand (section 9.2); readers turn such values into zero values.
 */

/** Time text of spec 41 section 9.2; read with `readTime`, written with `writeTime`. */
export type TimeText = string;
/** 0 or 1. */
export type Flag = number;
/** JSON text; read with `readJsonArray` and friends. */
export type JsonText = string;

/** Columns that most tables begin with. */
interface Header {
  id: Generated<number>;
  created_at: TimeText | null;
  updated_at: TimeText | null;
  /** Owner; 0 or NULL: none. Always written: files of 1.4.0 have no default for it. */
  user_id: ColumnType<number | null, number, number>;
}

export interface ServersTable extends Header {
  name: string | null;
  uuid: string | null;
  note: string | null;
  public_note: string | null;
  display_index: number | null;
  hide_for_guest: Flag | null;
  enable_d_dns: Flag | null;
  ddns_profiles_raw: JsonText | null;
  override_ddns_domains_raw: JsonText | null;
}

export interface UsersTable extends Header {
  username: string | null;
  password: string | null;
  /** 0 admin, 1 member; NULL (before 1.4) is admin. */
  role: number | null;
  agent_secret: string | null;
  reject_password: Flag | null;
  token_version: Generated<number>;
}

export interface ServerGroupsTable extends Header {
  name: string | null;
}

export interface ServerGroupServersTable extends Header {
  server_group_id: number | null;
  server_id: number | null;
}

export interface NotificationGroupsTable extends Header {
  name: string | null;
}

export interface NotificationGroupNotificationsTable extends Header {
  notification_group_id: number | null;
  notification_id: number | null;
}

export interface NotificationsTable extends Header {
  name: string | null;
  url: string | null;
  request_method: number | null;
  request_type: number | null;
  request_header: string | null;
  request_body: string | null;
  verify_tls: Flag | null;
  format_metric_units: Flag | null;
}

export interface AlertRulesTable extends Header {
  name: string | null;
  rules_raw: JsonText | null;
  enable: Flag | null;
  trigger_mode: number | null;
  notification_group_id: number | null;
  fail_trigger_tasks_raw: JsonText | null;
  recover_trigger_tasks_raw: JsonText | null;
}

export interface ServicesTable extends Header {
  name: string | null;
  type: number | null;
  target: string | null;
  skip_servers_raw: JsonText | null;
  /** Seconds. */
  duration: number | null;
  display_index: number | null;
  notify: Flag | null;
  notification_group_id: number | null;
  cover: number | null;
  enable_trigger_task: Flag | null;
  hide_for_guest: Flag | null;
  fail_trigger_tasks_raw: JsonText | null;
  recover_trigger_tasks_raw: JsonText | null;
  /** Milliseconds. */
  min_latency: number | null;
  /** Milliseconds. */
  max_latency: number | null;
  latency_notify: Flag | null;
}

export interface CronsTable extends Header {
  name: string | null;
  task_type: number | null;
  scheduler: string | null;
  command: string | null;
  push_successful: Flag | null;
  notification_group_id: number | null;
  last_executed_at: TimeText | null;
  last_result: Flag | null;
  cover: number | null;
  servers_raw: JsonText | null;
}

/** Hourly traffic; bytes since the previous row. */
export interface TransfersTable extends Header {
  server_id: number | null;
  /** Bytes; read in halves where they may be beyond 2^53. */
  in: ColumnType<number | null, number | bigint>;
  out: ColumnType<number | null, number | bigint>;
}

export interface NatsTable extends Header {
  enabled: Flag | null;
  name: string | null;
  server_id: number | null;
  host: string | null;
  domain: string | null;
}

export interface DdnsTable extends Header {
  enable_ipv4: Flag | null;
  enable_ipv6: Flag | null;
  max_retries: number | null;
  name: string | null;
  provider: string | null;
  access_id: string | null;
  access_secret: string | null;
  webhook_url: string | null;
  webhook_method: number | null;
  webhook_request_type: number | null;
  webhook_request_body: string | null;
  webhook_headers: string | null;
  domains_raw: JsonText | null;
}

export interface NzWafTable {
  /** 16 bytes; IPv4 as `::ffff:a.b.c.d`. */
  ip: Uint8Array;
  block_identifier: number;
  block_reason: number | null;
  /** Unix seconds. */
  block_timestamp: number | null;
  count: number | null;
}

export interface Oauth2BindsTable extends Header {
  provider: string | null;
  open_id: string | null;
}

export interface ServerTransfersTable extends Header {
  server_id: number | null;
  from_user_id: number | null;
  to_user_id: number | null;
  initiator_id: number | null;
  /** 0 pending, 1 verified, 2 failed, 3 timeout, 4 cancelled. */
  status: number | null;
  last_error: string | null;
  acked_at: TimeText | null;
  handshake_secret: string | null;
  revert_handshake_secret: string | null;
}

export interface JwtSessionsTable {
  key_id: string;
  user_id: number | null;
  ip: string | null;
  ua_hash: string | null;
  token_version: number | null;
  expires_at: TimeText | null;
  revoked_at: TimeText | null;
  created_at: TimeText | null;
  last_used_at: TimeText | null;
}

export interface ApiTokensTable {
  id: Generated<number>;
  user_id: number | null;
  name: string | null;
  token_hash: string | null;
  scopes_csv: string | null;
  servers_csv: string | null;
  expires_at: TimeText | null;
  last_used_at: TimeText | null;
  last_used_ip: string | null;
  created_at: TimeText | null;
  updated_at: TimeText | null;
}

export interface McpAuditLogsTable {
  id: Generated<number>;
  created_at: TimeText | null;
  user_id: number | null;
  token_id: number | null;
  tool: string | null;
  server_id: number | null;
  args_hash: string | null;
  args_peek: string | null;
  outcome: string | null;
  error_code: string | null;
  error_msg: string | null;
  duration_ms: number | null;
  ip: string | null;
}

/** Probe history of installations without a time-series store. `server_id` 0: windows of the service as a whole. */
export interface ServiceHistoriesTable {
  id: Generated<number>;
  created_at: TimeText | null;
  updated_at: TimeText | null;
  service_id: number | null;
  server_id: number | null;
  /** Milliseconds. */
  avg_delay: number | null;
  up: number | null;
  down: number | null;
  data: string | null;
}

/** The reference's tables by their names. */
export interface ReferenceSchema {
  servers: ServersTable;
  users: UsersTable;
  server_groups: ServerGroupsTable;
  server_group_servers: ServerGroupServersTable;
  notification_groups: NotificationGroupsTable;
  notification_group_notifications: NotificationGroupNotificationsTable;
  notifications: NotificationsTable;
  alert_rules: AlertRulesTable;
  services: ServicesTable;
  crons: CronsTable;
  transfers: TransfersTable;
  nats: NatsTable;
  ddns: DdnsTable;
  nz_waf: NzWafTable;
  oauth2_binds: Oauth2BindsTable;
  server_transfers: ServerTransfersTable;
  jwt_sessions: JwtSessionsTable;
  api_tokens: ApiTokensTable;
  mcp_audit_logs: McpAuditLogsTable;
  service_histories: ServiceHistoriesTable;
}
