import { decodeGeoIP, decodeUint64Receipt, encodeGeoIP, encodeHost, frameMessage } from "@windfire/protocol";
import type { PermittedRight } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { AddressWatch } from "../collect/index.ts";
import type { Collector } from "../collect/index.ts";
import type { AgentConfig } from "../config/index.ts";
import type { Channel } from "./channel.ts";

/** Reports beside the samples: what the host is, and where. Remembers across connections what the dashboard was told. */
export interface Reports {
  /** Reports the host. @throws CallError */
  host(channel: Channel, config: AgentConfig): Promise<void>;
  /** Reports what is due: the host every ten minutes and when its rights have changed, the addresses every `ip_report_period`. @throws CallError */
  due(channel: Channel, config: AgentConfig): Promise<void>;
  /** Makes the addresses due. */
  forgetAddresses(): void;
}

export interface ReportsDeps {
  readonly clock: Clock;
  readonly collector: Collector;
  readonly addresses: AddressWatch;
  /** What the host permits at this moment. */
  readonly rights: (config: AgentConfig) => readonly PermittedRight[];
}

const CALL_TIMEOUT_MS = 10_000;
const HOST_PERIOD_MS = 10 * 60_000;
const MS_PER_SECOND = 1000;

/** Spec 21 section 3 and 3.1. */
export function createReports({ clock, collector, addresses, rights }: ReportsDeps): Reports {
  let dashboardBootTime = 0;
  let addressesReported = false;
  let hostReportedMs = Number.NEGATIVE_INFINITY;
  let addressesReportedMs = Number.NEGATIVE_INFINITY;

  let announced = "";

  /** None for a dashboard that does not know what they are. */
  const rightsFor = (channel: Channel, config: AgentConfig): readonly PermittedRight[] =>
    channel.understands("rights") ? rights(config) : [];
  const sendHost = async (channel: Channel, config: AgentConfig): Promise<number> => {
    const host = await collector.host(config);
    const permitted = rightsFor(channel, config);
    const frame = frameMessage(encodeHost, { ...host, rights: permitted });
    announced = JSON.stringify(permitted);
    return decodeUint64Receipt(await channel.call("ReportSystemInfo2", frame, CALL_TIMEOUT_MS)).data;
  };
  const reportAddresses = async (channel: Channel, config: AgentConfig): Promise<void> => {
    const report = await addresses.look(config, !addressesReported);
    if (report === undefined && !addressesReported) return;
    if (report !== undefined) {
      const answer = decodeGeoIP(await channel.call("ReportGeoIP", frameMessage(encodeGeoIP, report), CALL_TIMEOUT_MS));
      dashboardBootTime = answer.dashboardBootTime;
      addresses.reported();
    }
    addressesReported = true;
    addressesReportedMs = clock.monotonic();
  };

  return {
    host: async (channel, config) => {
      const bootTime = await sendHost(channel, config);
      // A dashboard that was started again has forgotten the addresses.
      if (bootTime === 0 || bootTime !== dashboardBootTime) addressesReported = false;
      dashboardBootTime = bootTime;
    },
    due: async (channel, config) => {
      const hasNews = JSON.stringify(rightsFor(channel, config)) !== announced;
      if (hasNews || clock.monotonic() - hostReportedMs >= HOST_PERIOD_MS) {
        await sendHost(channel, config);
        hostReportedMs = clock.monotonic();
      }
      const isAddressTime = clock.monotonic() - addressesReportedMs >= config.ip_report_period * MS_PER_SECOND;
      if (!addressesReported || isAddressTime) await reportAddresses(channel, config);
    },
    forgetAddresses: () => {
      addressesReported = false;
    },
  };
}
