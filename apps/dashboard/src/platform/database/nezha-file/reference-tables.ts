/** An index of a table of the reference. */
export interface IndexDefinition {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** A table of the reference, in the pieces its text is made of (spec 41 section 10). */
export interface TableDefinition {
  readonly name: string;
  /** `name type …`, in order. */
  readonly columns: readonly { readonly name: string; readonly definition: string }[];
  readonly constraints: readonly string[];
  readonly indexes: readonly IndexDefinition[];
}

const HEADER = "id integer PRIMARY KEY AUTOINCREMENT, created_at datetime, updated_at datetime, user_id integer DEFAULT 0, ";

/** The tables in the order the reference creates them (spec 41 section 9.3), without `service_histories`. */
export const referenceTables: readonly TableDefinition[] = [
  table("servers", {
    header: true,
    columns:
      "name text, uuid text, note text, public_note text, display_index integer, hide_for_guest numeric, enable_d_dns numeric, " +
      'ddns_profiles_raw text DEFAULT "[]", override_ddns_domains_raw text DEFAULT "{}"',
    constraints: ["CONSTRAINT `uni_servers_uuid` UNIQUE (`uuid`)"],
  }),
  table("users", {
    header: true,
    columns:
      "username text, password char(72), role integer, agent_secret char(32), reject_password numeric, " +
      "token_version integer NOT NULL DEFAULT 0",
    indexes: [unique("idx_users_username", "username")],
  }),
  table("server_groups", { header: true, columns: "name text" }),
  table("notification_groups", { header: true, columns: "name text" }),
  table("notifications", {
    header: true,
    columns:
      "name text, url text, request_method integer, request_type integer, request_header longtext, request_body longtext, " +
      "verify_tls numeric, format_metric_units numeric",
  }),
  table("alert_rules", {
    header: true,
    columns:
      "name text, rules_raw text, enable numeric, trigger_mode integer DEFAULT 0, notification_group_id integer, " +
      'fail_trigger_tasks_raw text DEFAULT "[]", recover_trigger_tasks_raw text DEFAULT "[]"',
  }),
  table("services", {
    header: true,
    columns:
      "name text, type integer, target text, skip_servers_raw text, duration integer, display_index integer, notify numeric, " +
      "notification_group_id integer, cover integer, enable_trigger_task numeric DEFAULT false, hide_for_guest numeric, " +
      'fail_trigger_tasks_raw text DEFAULT "[]", recover_trigger_tasks_raw text DEFAULT "[]", ' +
      "min_latency real, max_latency real, latency_notify numeric",
  }),
  table("notification_group_notifications", {
    header: true,
    columns: "notification_group_id integer, notification_id integer",
    indexes: [unique("idx_notification_group_notification", "notification_group_id", "notification_id")],
  }),
  table("crons", {
    header: true,
    columns:
      "name text, task_type integer DEFAULT 0, scheduler text, command text, push_successful numeric, " +
      "notification_group_id integer, last_executed_at datetime, last_result numeric, cover integer, servers_raw text",
  }),
  table("transfers", { header: true, columns: "server_id integer, in integer, out integer" }),
  table("server_group_servers", {
    header: true,
    columns: "server_group_id integer, server_id integer",
    indexes: [unique("idx_server_group_server", "server_group_id", "server_id")],
  }),
  table("nats", {
    header: true,
    columns: "enabled numeric, name text, server_id integer, host text, domain text",
    constraints: ["CONSTRAINT `uni_nats_domain` UNIQUE (`domain`)"],
  }),
  table("ddns", {
    header: true,
    columns:
      "enable_ipv4 numeric, enable_ipv6 numeric, max_retries integer, name text, provider text, access_id text, " +
      "access_secret text, webhook_url text, webhook_method integer, webhook_request_type integer, " +
      "webhook_request_body text, webhook_headers text, domains_raw text",
  }),
  table("nz_waf", {
    columns: "ip binary(16), block_identifier integer, block_reason integer, block_timestamp integer, count integer",
    constraints: ["PRIMARY KEY (`ip`,`block_identifier`)"],
    indexes: [index("idx_nz_waf_block_timestamp", "block_timestamp")],
  }),
  table("oauth2_binds", {
    columns: "id integer PRIMARY KEY AUTOINCREMENT, created_at datetime, updated_at datetime, user_id integer, provider text, open_id text",
    indexes: [unique("u_p_o", "user_id", "provider", "open_id"), ...headerIndexes("oauth2_binds")],
  }),
  table("server_transfers", {
    header: true,
    columns:
      "server_id integer, from_user_id integer, to_user_id integer, initiator_id integer, status integer, last_error text, " +
      "acked_at datetime, handshake_secret char(32), revert_handshake_secret char(32)",
    indexes: [index("idx_server_transfers_status", "status"), index("idx_server_transfers_server_id", "server_id")],
  }),
  table("jwt_sessions", {
    columns:
      "key_id char(64), user_id integer, ip varchar(64), ua_hash char(64), token_version integer, expires_at datetime, " +
      "revoked_at datetime, created_at datetime, last_used_at datetime",
    constraints: ["PRIMARY KEY (`key_id`)"],
    indexes: [index("idx_jwt_sessions_expires_at", "expires_at"), index("idx_jwt_sessions_user_revoked", "user_id", "revoked_at")],
  }),
  table("api_tokens", {
    columns:
      "id integer PRIMARY KEY AUTOINCREMENT, user_id integer, name varchar(128), token_hash char(64), scopes_csv text, " +
      "servers_csv text, expires_at datetime, last_used_at datetime, last_used_ip varchar(64), created_at datetime, updated_at datetime",
    indexes: [
      index("idx_api_tokens_expires_at", "expires_at"),
      unique("idx_api_tokens_token_hash", "token_hash"),
      index("idx_api_tokens_user_id", "user_id"),
    ],
  }),
  table("mcp_audit_logs", {
    columns:
      "id integer PRIMARY KEY AUTOINCREMENT, created_at datetime, user_id integer, token_id integer, tool varchar(64), " +
      "server_id integer, args_hash char(64), args_peek varchar(512), outcome varchar(32), error_code varchar(32), " +
      "error_msg varchar(512), duration_ms integer, ip varchar(64)",
    indexes: ["outcome", "server_id", "tool", "token_id", "user_id", "created_at"].map((column) =>
      index(`idx_mcp_audit_logs_${column}`, column),
    ),
  }),
];

/** Kept by installations without a time-series store (spec 41 section 10.17). */
export const serviceHistoriesTable: TableDefinition = table("service_histories", {
  columns:
    "id integer PRIMARY KEY AUTOINCREMENT, created_at datetime, updated_at datetime, service_id integer, server_id integer, " +
    "avg_delay real, up integer, down integer, data text",
  indexes: [
    index("idx_server_id_created_at_service_id_avg_delay", "created_at", "service_id", "server_id", "avg_delay"),
    index("idx_service_histories_created_at", "created_at"),
  ],
});

/** Text of a new table, in the style the reference's migrator parses. */
export function createTableText(definition: TableDefinition): string {
  const parts = [...definition.columns.map((column) => column.definition), ...definition.constraints];
  return `CREATE TABLE \`${definition.name}\` (${parts.join(",")})`;
}

/** Text of an index of `tableName`. */
export function createIndexText(tableName: string, definition: IndexDefinition): string {
  const columns = definition.columns.map((column) => `\`${column}\``).join(",");
  return `CREATE ${definition.unique ? "UNIQUE " : ""}INDEX \`${definition.name}\` ON \`${tableName}\`(${columns})`;
}

interface TableOptions {
  /** Begins with id, times and owner, and has their indexes. */
  header?: boolean;
  /** `name type …`, separated by a comma and a blank. */
  columns: string;
  constraints?: readonly string[];
  indexes?: readonly IndexDefinition[];
}

function table(name: string, options: TableOptions): TableDefinition {
  const texts = ((options.header ? HEADER : "") + options.columns).split(", ");
  const columns = texts.map((text) => {
    const blank = text.indexOf(" ");
    const column = text.slice(0, blank);
    return { name: column, definition: `\`${column}\`${text.slice(blank)}` };
  });
  const indexes = [...(options.indexes ?? []), ...(options.header ? headerIndexes(name) : [])];
  return { name, columns, constraints: options.constraints ?? [], indexes };
}

function headerIndexes(tableName: string): IndexDefinition[] {
  return ["user_id", "created_at"].map((column) => index(`idx_${tableName}_${column}`, column));
}

function index(name: string, ...columns: string[]): IndexDefinition {
  return { name, columns, unique: false };
}

function unique(name: string, ...columns: string[]): IndexDefinition {
  return { name, columns, unique: true };
}
