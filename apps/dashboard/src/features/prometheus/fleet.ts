import type { Uint64 } from "@windfire/protocol";
import type { HostInfo, HostState, LiveServer, UnsoundFigure } from "#features/servers";
import type { Family, Sample } from "./exposition.ts";

/** What is told of one server; nothing where it is not known. */
interface Figure {
  readonly name: string;
  readonly help: string;
  readonly type: Family["type"];
  readonly of: (server: LiveServer, isUp: boolean) => Uint64 | readonly Sample[] | undefined;
}

/** Figures of a server that does not report are old and mean nothing: only that it is away is told of it. */
const ofState =
  (read: (state: HostState) => Uint64): Figure["of"] =>
  ({ state }, isUp) =>
    isUp && state ? read(state) : undefined;
/** What the agent sent was no number: nothing is better than a 0 that nobody measured. */
const ofSound =
  (figure: UnsoundFigure, read: (state: HostState) => Uint64): Figure["of"] =>
  (server, isUp) =>
    server.state?.unsound?.includes(figure) === true ? undefined : ofState(read)(server, isUp);
const ofHost =
  (read: (host: HostInfo) => Uint64): Figure["of"] =>
  ({ host }) =>
    host && read(host);
const gauge = (name: string, help: string, of: Figure["of"]): Figure => ({ name: `windfire_server_${name}`, help, type: "gauge", of });
const counter = (name: string, help: string, of: Figure["of"]): Figure => ({ name: `windfire_server_${name}`, help, type: "counter", of });

const FIGURES: readonly Figure[] = [
  gauge("up", "1 while the server reports.", (_server, isUp) => (isUp ? 1 : 0)),
  gauge("last_report_timestamp_seconds", "When the server last reported to this process.", ({ lastReport }) =>
    lastReport === 0 ? undefined : lastReport / 1000,
  ),
  gauge(
    "boot_time_seconds",
    "When the host was started.",
    ofHost(({ bootTime }) => bootTime),
  ),
  gauge(
    "cpu_usage_ratio",
    "Use of the processors, 0 to 1.",
    ofSound("cpu", ({ cpu }) => cpu / 100),
  ),
  gauge(
    "memory_used_bytes",
    "Memory in use.",
    ofState(({ memUsed }) => memUsed),
  ),
  gauge(
    "memory_total_bytes",
    "Memory.",
    ofHost(({ memTotal }) => memTotal),
  ),
  gauge(
    "swap_used_bytes",
    "Swap in use.",
    ofState(({ swapUsed }) => swapUsed),
  ),
  gauge(
    "swap_total_bytes",
    "Swap.",
    ofHost(({ swapTotal }) => swapTotal),
  ),
  gauge(
    "disk_used_bytes",
    "Disk in use.",
    ofState(({ diskUsed }) => diskUsed),
  ),
  gauge(
    "disk_total_bytes",
    "Disk.",
    ofHost(({ diskTotal }) => diskTotal),
  ),
  counter(
    "network_receive_bytes_total",
    "Bytes received since the host was started.",
    ofState(({ netInTransfer }) => netInTransfer),
  ),
  counter(
    "network_transmit_bytes_total",
    "Bytes sent since the host was started.",
    ofState(({ netOutTransfer }) => netOutTransfer),
  ),
  gauge(
    "network_receive_bytes_per_second",
    "Bytes received in a second.",
    ofState(({ netInSpeed }) => netInSpeed),
  ),
  gauge(
    "network_transmit_bytes_per_second",
    "Bytes sent in a second.",
    ofState(({ netOutSpeed }) => netOutSpeed),
  ),
  gauge(
    "load1",
    "Load over 1 minute.",
    ofSound("load1", ({ load1 }) => load1),
  ),
  gauge(
    "load5",
    "Load over 5 minutes.",
    ofSound("load5", ({ load5 }) => load5),
  ),
  gauge(
    "load15",
    "Load over 15 minutes.",
    ofSound("load15", ({ load15 }) => load15),
  ),
  gauge(
    "tcp_connections",
    "TCP connections.",
    ofState(({ tcpConnCount }) => tcpConnCount),
  ),
  gauge(
    "udp_connections",
    "UDP connections.",
    ofState(({ udpConnCount }) => udpConnCount),
  ),
  gauge(
    "processes",
    "Processes.",
    ofState(({ processCount }) => processCount),
  ),
  gauge("temperature_celsius", "Temperature of a sensor.", ({ state }, isUp) =>
    isUp
      ? distinct((state?.temperatures ?? []).map(({ name, temperature }) => ({ labels: { sensor: name }, value: temperature })))
      : undefined,
  ),
  gauge("gpu_usage_ratio", "Use of a GPU, 0 to 1.", ({ state }, isUp) =>
    isUp && state?.unsound?.includes("gpu") !== true
      ? (state?.gpu ?? []).map((value, index) => ({ labels: { gpu: String(index) }, value: value / 100 }))
      : undefined,
  ),
];

/** Families of some servers, one after the other: whoever renders them can let others run in between. */
export function* fleetFamilies(servers: readonly LiveServer[], isUp: (server: LiveServer) => boolean): Generator<Family> {
  const known = servers.map((server) => ({
    server,
    isUp: isUp(server),
    labels: { id: String(server.id), name: server.settings.name },
  }));
  for (const { of, ...face } of FIGURES) {
    const samples = known.flatMap(({ server, isUp: up, labels }): readonly Sample[] => {
      const value = of(server, up);
      if (value === undefined) return [];
      if (typeof value === "number" || typeof value === "bigint") return [{ labels, value }];
      return value.map((sample) => ({ ...sample, labels: { ...labels, ...sample.labels } }));
    });
    yield { ...face, samples };
  }
}

/** Sensors may share a name, samples may not share all their labels: the first counts. */
function distinct(samples: readonly Sample[]): Sample[] {
  const seen = new Set<string>();
  return samples.filter(({ labels }) => {
    const name = labels?.["sensor"] ?? "";
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
