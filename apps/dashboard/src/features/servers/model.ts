import type { ReachedThrough } from "@windfire/api";
import type { Uint64 } from "@windfire/protocol";

/** A monitored host's stored settings (spec 41 section 10.1). Host, state and address are live only. */
export interface Server {
  readonly id: number;
  readonly uuid: string;
  /** User whose agent secret registered it; 0: the global agent secret. */
  readonly ownerId: number;
  readonly name: string;
  readonly note: string;
  readonly publicNote: string;
  /** Larger sorts first. */
  readonly displayIndex: number;
  readonly hideForGuest: boolean;
  readonly enableDdns: boolean;
  readonly ddnsProfiles: readonly number[];
  /** DDNS profile id → domains that take the place of the profile's own. */
  readonly overrideDdnsDomains: Readonly<Record<string, readonly string[]>>;
  /** While that is down, nobody is told of what fails here. */
  readonly reachedThrough?: ReachedThrough;
  /** Words of the owner's, each once. */
  readonly tags: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Static facts an agent reports (spec 20 section 2.1); sizes in bytes, `bootTime` in Unix seconds. */
export interface HostInfo {
  readonly platform: string;
  readonly platformVersion: string;
  readonly cpu: readonly string[];
  readonly memTotal: Uint64;
  readonly diskTotal: Uint64;
  readonly swapTotal: Uint64;
  readonly arch: string;
  readonly virtualization: string;
  readonly bootTime: number;
  readonly version: string;
  readonly gpu: readonly string[];
  /** What the host permits, of agents that say it; `until` in Unix seconds, 0: no end; `only`: folders or addresses, none: no limit. */
  readonly rights: readonly { readonly name: string; readonly until: number; readonly only: readonly string[] }[];
}

/** One live sample (spec 20 section 2.2); sizes in bytes, rates in bytes a second, percentages 0-100, temperatures in °C. */
export interface HostState {
  readonly cpu: number;
  readonly memUsed: Uint64;
  readonly swapUsed: Uint64;
  readonly diskUsed: Uint64;
  readonly netInTransfer: Uint64;
  readonly netOutTransfer: Uint64;
  readonly netInSpeed: Uint64;
  readonly netOutSpeed: Uint64;
  readonly uptime: Uint64;
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
  readonly tcpConnCount: Uint64;
  readonly udpConnCount: Uint64;
  readonly processCount: Uint64;
  readonly temperatures: readonly { readonly name: string; readonly temperature: number }[];
  /** Percent, one for each GPU. */
  readonly gpu: readonly number[];
  /** Empty from agents that do not tell; memory in MiB, a total of 0 is unknown. */
  readonly gpus: readonly { readonly utilization: number; readonly memoryUsed: Uint64; readonly memoryTotal: Uint64 }[];
  /** Figures that the agent sent and that were no numbers: what stands for them is 0 and means nothing. Left out when there are none. */
  readonly unsound?: readonly UnsoundFigure[];
}

export type UnsoundFigure = "cpu" | "load1" | "load5" | "load15" | "gpu";

/** Where a host is on the net; empty texts when unknown. */
export interface GeoAddress {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly countryCode: string;
}

export const NO_ADDRESS: GeoAddress = { ipv4: "", ipv6: "", countryCode: "" };

/** `v4/v6` when both are known, else whichever is. */
export function joinedAddress(address: GeoAddress): string {
  return address.ipv4 && address.ipv6 ? `${address.ipv4}/${address.ipv6}` : address.ipv4 || address.ipv6;
}

/** Display order: index descending, then id ascending (spec 11 section 1.2). */
export function byDisplayOrder(a: { displayIndex: number; id: number }, b: { displayIndex: number; id: number }): number {
  return b.displayIndex - a.displayIndex || a.id - b.id;
}
