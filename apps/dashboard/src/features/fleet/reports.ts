import { decodeGeoIP, decodeHost, encodeGeoIP, encodeReceipt, encodeUint64Receipt } from "@windfire/protocol";
import { joinedAddress } from "#features/servers";
import type { HostInfo, LiveServer } from "#features/servers";
import type { AgentCall } from "./call.ts";
import type { Cleaner } from "./clean.ts";
import type { ServerPace } from "./server-pace.ts";

export interface ReportDeps {
  readonly isKnown: (serverId: number) => boolean;
  readonly cleaner: Cleaner;
  /** Unix seconds at which this process started; agents send their address again when it changes. */
  readonly bootTime: number;
  /** Books the traffic of a host that restarted; throws when it cannot be stored. */
  readonly bookTraffic: (server: LiveServer) => Promise<void>;
  /** Lower-case country or continent code of an address, "" when unknown. */
  readonly countryOf: (ip: string) => Promise<string>;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  readonly moves: Pick<ServerPace, "take">;
  readonly restarts: Pick<ServerPace, "take">;
  readonly onRestart: (serverId: number) => void;
  readonly onAddress: (serverId: number, previous: string, current: string) => void;
}

/** The three unary reports of an agent (spec 20 sections 5.1 and 5.4); each answers the encoded message. */
export function createReports(deps: ReportDeps) {
  const applyHost = async (server: LiveServer, host: HostInfo): Promise<void> => {
    // What is not booked now is booked with the hour.
    if (server.judgeHost(host, deps.monotonic()) === "restarted" && deps.restarts.take(server.id)) await deps.bookTraffic(server);
    if (!deps.isKnown(server.id)) return;
    // Another report of the same restart may have been quicker.
    const report = server.judgeHost(host, deps.monotonic());
    server.applyHost(host, report);
    if (report === "restarted") deps.onRestart(server.id);
  };
  const hostReport = async (server: LiveServer, message: Uint8Array): Promise<void> =>
    applyHost(server, deps.cleaner.host(decodeHost(message)));
  return {
    async info(server: LiveServer, message: Uint8Array): Promise<Uint8Array> {
      await hostReport(server, message);
      return encodeReceipt({ proced: true });
    },
    async info2(server: LiveServer, message: Uint8Array): Promise<Uint8Array> {
      await hostReport(server, message);
      return encodeUint64Receipt({ data: deps.bootTime });
    },
    async geo(server: LiveServer, call: AgentCall, message: Uint8Array): Promise<Uint8Array> {
      const report = decodeGeoIP(message);
      const told = deps.cleaner.address(report);
      const address = told.ipv4 || told.ipv6 ? told : { ...told, ipv4: call.ip || call.peer };
      const lookup = address.ipv6 && (report.use6 || !address.ipv4) ? address.ipv6 : address.ipv4;
      const countryCode = await deps.countryOf(lookup);
      const answer = encodeGeoIP({ countryCode, dashboardBootTime: deps.bootTime });
      // Deleted meanwhile: nobody has moved.
      if (!deps.isKnown(server.id)) return answer;
      const previous = joinedAddress(server.address);
      const current = joinedAddress(address);
      if (current !== previous && !deps.moves.take(server.id)) return answer;
      server.applyAddress({ ...address, countryCode });
      if (current !== previous) deps.onAddress(server.id, previous, current);
      return answer;
    },
  };
}
