import type { ReachedThrough } from "@windfire/api";
import type { Uint64 } from "@windfire/protocol";
import { formatInstant } from "#kernel";

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

/** JSON members of a flat object without those that are zero, empty or absent. */
export class JsonMembers {
  readonly #members: string[] = [];

  number(key: string, value: Uint64): this {
    if (value !== 0) this.#add(key, String(value));
    return this;
  }

  string(key: string, value: string): this {
    if (value !== "") this.#add(key, JSON.stringify(value));
    return this;
  }

  list(key: string, value: readonly unknown[]): this {
    if (value.length > 0) this.#add(key, JSON.stringify(value));
    return this;
  }

  /** A list of rendered members. */
  jsonList(key: string, values: readonly string[]): this {
    if (values.length > 0) this.#add(key, `[${values.join(",")}]`);
    return this;
  }

  /** A member that is always written; `json` is rendered already. */
  json(key: string, json: string): this {
    this.#add(key, json);
    return this;
  }

  /** Several members, rendered already. */
  members(text: string): this {
    this.#members.push(text);
    return this;
  }

  #add(key: string, json: string): void {
    this.#members.push(`"${key}":${json}`);
  }

  /** Each as `"key":value`. */
  rendered(): readonly string[] {
    return this.#members;
  }

  object(): string {
    return objectOf(this.#members);
  }
}

/** In one piece: these texts are kept, and one put together from others would be walked through each time a longer one takes it in. */
export function objectOf(members: readonly string[]): string {
  return ["{", members.join(","), "}"].join("");
}

/** Host in JSON; who does not own the server does not learn the system's and the agent's version (spec 11 section 3.2). */
export function hostJson(host: HostInfo | undefined, redacted: boolean): string {
  if (!host) return "{}";
  const members = new JsonMembers().string("platform", host.platform);
  if (!redacted) members.string("platform_version", host.platformVersion);
  members
    .list("cpu", host.cpu)
    .number("mem_total", host.memTotal)
    .number("disk_total", host.diskTotal)
    .number("swap_total", host.swapTotal);
  members.string("arch", host.arch).string("virtualization", host.virtualization).number("boot_time", host.bootTime);
  if (!redacted) members.string("version", host.version);
  members.list("gpu", host.gpu);
  if (!redacted) members.jsonList("rights", host.rights.map(rightJson));
  return members.object();
}

function rightJson({ name, until, only }: HostInfo["rights"][number]): string {
  return new JsonMembers().string("name", name).number("until", until).list("only", only).object();
}

/** Members of the state in JSON (spec 11 section 1.1): without those that are zero, counters with every digit, sensor keys capitalised. */
export function stateMembers(state: HostState | undefined): readonly string[] {
  if (!state) return [];
  return new JsonMembers()
    .number("cpu", state.cpu)
    .number("mem_used", state.memUsed)
    .number("swap_used", state.swapUsed)
    .number("disk_used", state.diskUsed)
    .number("net_in_transfer", state.netInTransfer)
    .number("net_out_transfer", state.netOutTransfer)
    .number("net_in_speed", state.netInSpeed)
    .number("net_out_speed", state.netOutSpeed)
    .number("uptime", state.uptime)
    .number("load_1", state.load1)
    .number("load_5", state.load5)
    .number("load_15", state.load15)
    .number("tcp_conn_count", state.tcpConnCount)
    .number("udp_conn_count", state.udpConnCount)
    .number("process_count", state.processCount)
    .list(
      "temperatures",
      state.temperatures.map(({ name, temperature }) => ({ Name: name, Temperature: temperature })),
    )
    .list("gpu", state.gpu)
    .jsonList("gpus", state.gpus.map(gpuJson))
    .rendered();
}

function gpuJson({ utilization, memoryUsed, memoryTotal }: HostState["gpus"][number]): string {
  return new JsonMembers()
    .json("utilization", String(utilization))
    .number("memory_used", memoryUsed)
    .number("memory_total", memoryTotal)
    .object();
}

/** Address in JSON: `{"ip":{…},"country_code":"jp"}`. */
export function geoJson(address: GeoAddress): string {
  const ip = new JsonMembers().string("ipv4_addr", address.ipv4).string("ipv6_addr", address.ipv6).object();
  return new JsonMembers().json("ip", ip).string("country_code", address.countryCode).object();
}

/** A live moment in JSON; 0 (never, or disconnected) is the zero time. */
export function momentJson(ms: number): string {
  return `"${formatInstant(ms)}"`;
}
