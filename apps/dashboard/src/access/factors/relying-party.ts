import { refuseText } from "#kernel";

/** For whom passkeys are made: pages of `origin`, and no others. */
export interface RelyingParty {
  /** Host name without port. */
  readonly id: string;
  readonly origin: string;
}

/**
 * The configured host, by HTTPS; while none is configured, this machine alone: a key made for a host that a client named could be used by
 * whoever answers under that name.
 *
 * @throws {AppError} while no host is configured
 */
export function relyingParty(dashboardHost: string, visit: { readonly host: string; readonly secure: boolean }): RelyingParty {
  const [configured = ""] = dashboardHost
    .replace(/^https?:\/\//, "")
    .toLowerCase()
    .split("/", 1);
  if (configured !== "") return { id: withoutPort(configured), origin: `https://${configured.replace(/:443$/, "")}` };
  const host = visit.host.toLowerCase();
  if (withoutPort(host) === "localhost") return { id: "localhost", origin: `${visit.secure ? "https" : "http"}://${host}` };
  throw refuseText("passkeys need the address of this dashboard: set dashboard_host");
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}
