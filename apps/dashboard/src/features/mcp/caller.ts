import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import { TOKEN_PREFIX } from "#access/identity";
import type { Tokens } from "#access/identity";
import type { Waf } from "#access/protection";
import type { TokenCaller } from "#kernel";
import { header, refusalJson } from "#platform/http";
import type { Refusal, Visit } from "#platform/http";

const BEARER = "Bearer ";

/** Who calls: only access tokens count here (spec 40 section 3). `undefined`: none was shown. */
export async function callerOf(
  { tokens, waf }: { readonly tokens: Pick<Tokens, "authenticate">; readonly waf: Waf },
  visit: Visit,
  ip: string,
): Promise<TokenCaller | Refusal | undefined> {
  const value = header(visit, "authorization").trim();
  const text = value.startsWith(BEARER) ? value.slice(BEARER.length).trim() : "";
  if (!text.startsWith(TOKEN_PREFIX)) return undefined;
  const result = tokens.authenticate(text, ip);
  if ("caller" in result) {
    await waf.forgive(ip, BLOCK_IDENTIFIER.token);
    return result.caller;
  }
  if (result.guess) await waf.strike(ip, BLOCK_REASON.token, BLOCK_IDENTIFIER.token);
  return refusalJson(401, `ApiErrorUnauthorized: ${result.failure}`, { "www-authenticate": "Bearer" });
}
