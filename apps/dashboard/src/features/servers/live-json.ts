import { formatInstant } from "#kernel";
import { JsonMembers } from "./json-members.ts";
import type { GeoAddress, HostInfo, HostState } from "./model.ts";

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
