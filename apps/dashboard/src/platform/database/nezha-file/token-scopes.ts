import { readCsv } from "./columns.ts";
import type { Connection } from "../engine/index.ts";

/** Scopes of tokens made before 2.1 and what they are called now (spec 41 section 9.3 step 2). */
const RENAMED: Readonly<Record<string, string>> = {
  "mcp:server:read": "nezha:server:read",
  "mcp:server:exec": "nezha:server:exec",
  "mcp:fs:read": "nezha:server:read",
};

/**
 * The scopes a token has now: known old names renamed, other old ones (`mcp:…`) and duplicates left out.
 * `undefined`: nothing to change.
 */
export function migrateScopes(scopes: readonly string[]): string[] | undefined {
  if (!scopes.some((scope) => scope.startsWith("mcp:"))) return undefined;
  const migrated = scopes.map((scope) => (scope.startsWith("mcp:") ? RENAMED[scope] : scope));
  return [...new Set(migrated.filter((scope) => scope !== undefined))];
}

/** Migrates the scopes of all tokens; one that is left without any is deleted. Returns how many rows changed. */
export function migrateTokenScopes(connection: Connection): number {
  const rows = connection.all("SELECT id, scopes_csv FROM api_tokens WHERE scopes_csv LIKE '%mcp:%'", []);
  let changed = 0;
  for (const row of rows) {
    const scopes = migrateScopes(readCsv(row["scopes_csv"]));
    if (scopes === undefined) continue;
    if (scopes.length === 0) connection.run("DELETE FROM api_tokens WHERE id = ?", [row["id"]]);
    else connection.run("UPDATE api_tokens SET scopes_csv = ? WHERE id = ?", [scopes.join(","), row["id"]]);
    changed++;
  }
  return changed;
}
