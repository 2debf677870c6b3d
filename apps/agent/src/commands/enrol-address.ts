import type { Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";

/** Where a dashboard is. */
export interface DashboardAddress {
  /** `https://host:port`, without a path. */
  readonly origin: string;
  /** `host:port`, as agents are configured. */
  readonly server: string;
  readonly tls: boolean;
  /** Nobody but this machine sees what is sent. */
  readonly isLoopback: boolean;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** `https://` unless the address says `http://`: a code is no thing to send in the clear by mistake. */
export function parseDashboardAddress(text: string): Outcome<DashboardAddress> {
  const address = text.includes("://") ? text : `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url !== undefined && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!isPlain || (url.protocol !== "https:" && url.protocol !== "http:") || url.pathname !== "/")
    return fail(`"${text}" is no address such as https://dash.example.com or http://192.0.2.1:8008`);
  const tls = url.protocol === "https:";
  const port = url.port === "" ? (tls ? "443" : "80") : url.port;
  return succeed({ origin: url.origin, server: `${url.hostname}:${port}`, tls, isLoopback: LOOPBACK.test(url.hostname) });
}
