/** Scopes a personal access token can hold (spec 10 section 12.5). */
export const SCOPES = [
  "nezha:inventory:read",
  "nezha:inventory:delete",
  "nezha:inventory:*",
  "nezha:server:read",
  "nezha:server:write",
  "nezha:server:delete",
  "nezha:server:exec",
  "nezha:server:*",
  "nezha:service:read",
  "nezha:service:write",
  "nezha:service:delete",
  "nezha:service:*",
  "nezha:alertrule:read",
  "nezha:alertrule:write",
  "nezha:alertrule:delete",
  "nezha:alertrule:*",
  "nezha:cron:read",
  "nezha:cron:write",
  "nezha:cron:delete",
  "nezha:cron:exec",
  "nezha:cron:*",
  "nezha:ddns:read",
  "nezha:ddns:write",
  "nezha:ddns:delete",
  "nezha:ddns:*",
  "nezha:nat:read",
  "nezha:nat:write",
  "nezha:nat:delete",
  "nezha:nat:*",
  "nezha:notification:read",
  "nezha:notification:write",
  "nezha:notification:delete",
  "nezha:notification:*",
  "nezha:notification-group:read",
  "nezha:notification-group:write",
  "nezha:notification-group:delete",
  "nezha:notification-group:*",
  "nezha:transfer:read",
  "nezha:transfer:write",
  "nezha:transfer:delete",
  "nezha:transfer:*",
  "nezha:admin:*",
  "nezha:*",
] as const;

export type Scope = (typeof SCOPES)[number];

/** Only administrators may issue these. */
export const ADMIN_SCOPES: readonly Scope[] = ["nezha:*", "nezha:admin:*"];

const known: ReadonlySet<string> = new Set(SCOPES);
const legacy: ReadonlyMap<string, Scope> = new Map([
  ["mcp:server:read", "nezha:server:read"],
  ["mcp:server:exec", "nezha:server:exec"],
  ["mcp:fs:read", "nezha:server:read"],
]);

export function isScope(text: string): text is Scope {
  return known.has(text);
}

/** A scope as it is stored: older `mcp:` names are rewritten; `undefined` for anything unknown (spec 10 section 12.3). */
export function parseScope(text: string): Scope | undefined {
  return legacy.get(text) ?? (isScope(text) ? text : undefined);
}

/** Do the granted scopes cover the wanted one? Exact, `nezha:*`, or `nezha:<resource>:*`. */
export function scopeCovers(granted: readonly string[], wanted: Scope): boolean {
  const resource = `${wanted.slice(0, wanted.lastIndexOf(":"))}:*`;
  return granted.some((scope) => scope === wanted || scope === "nezha:*" || (scope === resource && resource !== "nezha:*"));
}
