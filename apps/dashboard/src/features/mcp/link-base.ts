import { header, hostOf } from "#platform/http";
import type { Visit } from "#platform/http";

export interface LinkConfig {
  /** Settings, read when needed. */
  readonly current: { readonly dashboardHost: string };
  readonly isReservedHost: (host: string) => boolean;
}

/**
 * Scheme and host of links for a request: the configured host, or the request's own where the settings name it; `undefined` for any
 * other (spec 40 section 10.9, GHSA-9rc6-8cjv-rcvx). Hosts that were merely used are not trusted.
 */
export function linkBase(config: LinkConfig, visit: Visit): string | undefined {
  const configured = config.current.dashboardHost.trim();
  const host = configured === "" ? hostOf(visit) : configured;
  if (!isHost(host) || (configured === "" && !config.isReservedHost(host))) return undefined;
  const scheme = visit.secure || header(visit, "x-forwarded-proto") === "https" ? "https" : "http";
  return `${scheme}://${host}`;
}

/** Nothing but a name or address, with or without a port. */
function isHost(text: string): boolean {
  return /^[^\s/\\?#@]+$/.test(text) && URL.canParse(`http://${text}/`);
}
