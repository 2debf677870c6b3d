import type { AccessRule } from "#kernel";

const READ = ":read";

/**
 * Whether a route is open to viewers. Only what reads is: asked with GET, of scopes for reading alone, by no rule that wants a fresh proof or
 * a header that browsers do not send. What a route does with the own account alone is the other exception. A route that is none of this is
 * closed the day it is made.
 */
export function isOpenToViewers(rule: AccessRule, method: string): boolean {
  if (rule.auth === "open") return true;
  if (rule.auth === "strict" && rule.ownAccount) return true;
  if (method !== "GET" && method !== "HEAD") return false;
  if (rule.auth === "fallback") return true;
  if (rule.scopes === "forbidden" || !rule.scopes.every((scope) => scope.endsWith(READ))) return false;
  return rule.auth === "optional" || !(rule.admin || rule.headerOnly || rule.stepUp);
}
