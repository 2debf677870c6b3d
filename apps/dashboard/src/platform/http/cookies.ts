import type { Cookie } from "./gate.ts";

/** Cookies of a request by name; values are URL-decoded where they can be, the first of a repeated name counts. */
export function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    cookies[name] ??= decodeValue(pair.slice(equals + 1).trim());
  }
  return cookies;
}

function decodeValue(text: string): string {
  const value = text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** One `Set-Cookie` header value; the path is always `/`. */
export function formatCookie(cookie: Cookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`, "Path=/"];
  if (cookie.maxAge !== undefined) parts.push(`Max-Age=${cookie.maxAge}`);
  if (cookie.httpOnly) parts.push("HttpOnly");
  if (cookie.secure) parts.push("Secure");
  if (cookie.sameSite) parts.push(`SameSite=${cookie.sameSite}`);
  return parts.join("; ");
}
