/** How rows are made, for tests that try every kind. */
export interface Kind {
  /** A form that its owner may save; absent where rows come otherwise. */
  readonly form?: (server: number, name: string) => object;
  /** A row that is there from the start. */
  readonly made?: (server: number) => number;
  /** A token with a server list has to cover the servers that the row names. */
  readonly bindsServers?: true;
  /** A token with a server list has no business with it. */
  readonly brings?: "servers";
  /** Counted otherwise than its own rows, tested in its room. */
  readonly ownLimit?: true;
}

const webhook = { url: "https://example.com/", request_method: 1, request_type: 1, skip_check: true };
export const KINDS: Readonly<Record<string, Kind>> = {
  server: { made: (server) => server, form: () => ({ name: "s", hide_for_guest: true }), bindsServers: true },
  "server-group": { form: (server, name) => ({ name, servers: [server] }), bindsServers: true },
  notification: { form: (_server, name) => ({ name, ...webhook }) },
  "notification-channel": {
    form: (_server, name) => ({ name, kind: "ntfy", settings: { topic: name }, skip_check: true }),
    ownLimit: true,
  },
  "notification-group": { form: (_server, name) => ({ name, notifications: [] }) },
  cron: {
    form: (server, name) => ({ name, task_type: 0, scheduler: "0 0 3 * * *", command: "true", servers: [server], cover: 0 }),
    bindsServers: true,
  },
  service: {
    form: (server, name) => ({ name, type: 2, target: "192.0.2.1", cover: 1, skip_servers: { [server]: true }, hide_for_guest: true }),
    bindsServers: true,
  },
  "alert-rule": {
    form: (server, name) => ({ name, rules: [{ type: "cpu", max: 90, duration: 10, cover: 1, ignore: { [server]: true } }], enable: true }),
    bindsServers: true,
  },
  ddns: { form: (_server, name) => ({ name, provider: "dummy", max_retries: 3, domains: [`${name}.example.com`] }) },
  nat: { form: (server, name) => ({ name, server_id: server, host: "127.0.0.1:80", domain: `${name}.example.net` }), bindsServers: true },
  report: {
    form: (server, name) => ({ name, every: "daily", at: "08:00", parts: ["availability"], servers: [server] }),
    brings: "servers",
  },
  "status-page": {
    form: (server, name) => ({ slug: name, title: name, groups: [{ name: "g", parts: [{ kind: "server", id: server, name: "shown" }] }] }),
    brings: "servers",
  },
  "page-template": { form: (_server, name) => ({ name, status: "investigating" }), brings: "servers" },
  snooze: { form: (server, note) => ({ scope: "server", scope_id: server, until: "2999-01-01T00:00:00Z", note }), bindsServers: true },
  "maintenance-window": {
    form: (server, name) => ({ name, plan: { kind: "weekly", days: [0], at: "03:00", minutes: 5 }, servers: [server] }),
    bindsServers: true,
  },
  "api-tokens": { form: (_server, name) => ({ name, scopes: ["nezha:cron:read"] }) },
  "share-link": { form: (server, name) => ({ name, rows: [{ kind: "server", id: server }], expires_in_days: 1 }) },
  "enrolment-code": { form: (_server, name) => ({ name }), brings: "servers", ownLimit: true },
};
