/** Bytes since boot. */
export interface InterfaceCounters {
  readonly name: string;
  readonly received: number;
  readonly sent: number;
}

/** Bytes since boot and bytes per second, all counted interfaces together. */
export interface NetworkReading {
  readonly received: number;
  readonly sent: number;
  readonly receivedPerSecond: number;
  readonly sentPerSecond: number;
}

/** Virtual interfaces; a part anywhere in the name is enough, which also hits a name such as `wlo1` (spec 21 section 4.6). */
const VIRTUAL_PARTS = ["lo", "tun", "docker", "veth", "br-", "vmbr", "vnet", "kube", "Meta", "tailscale", "fw", "tap"];

export type NicAllowlist = Readonly<Record<string, boolean>>;

/** `/proc/net/dev`: two lines of headings, then `name: received … sent …`. */
export function parseInterfaces(text: string): InterfaceCounters[] {
  const interfaces: InterfaceCounters[] = [];
  for (const line of text.split("\n")) {
    const colon = line.lastIndexOf(":");
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const received = Number(fields[0]);
    const sent = Number(fields[8]);
    if (Number.isFinite(received) && Number.isFinite(sent)) interfaces.push({ name: line.slice(0, colon).trim(), received, sent });
  }
  return interfaces;
}

/** With an allow list only what it maps to true, else all that are not virtual. */
export function isCounted(name: string, allowlist: NicAllowlist): boolean {
  if (Object.hasOwn(allowlist, name)) return allowlist[name] === true;
  return Object.keys(allowlist).length === 0 && !VIRTUAL_PARTS.some((part) => name.includes(part));
}

/** Remembers the previous sample to tell speeds; the first one, and one after a clock that did not move, have the speed known so far. */
export interface NetworkMeter {
  /** @param nowMs a clock that never goes back */
  read(interfaces: readonly InterfaceCounters[], allowlist: NicAllowlist, nowMs: number): NetworkReading;
}

const MS_PER_SECOND = 1000;

export function createNetworkMeter(): NetworkMeter {
  let previous: (NetworkReading & { readonly atMs: number }) | undefined;
  return {
    read: (interfaces, allowlist, nowMs) => {
      let received = 0;
      let sent = 0;
      for (const one of interfaces) {
        if (!isCounted(one.name, allowlist)) continue;
        received += one.received;
        sent += one.sent;
      }
      const reading = { received, sent, ...speeds(previous, received, sent, nowMs) };
      previous = { ...reading, atMs: nowMs };
      return reading;
    },
  };
}

function speeds(
  previous: (NetworkReading & { readonly atMs: number }) | undefined,
  received: number,
  sent: number,
  nowMs: number,
): Pick<NetworkReading, "receivedPerSecond" | "sentPerSecond"> {
  if (previous === undefined) return { receivedPerSecond: 0, sentPerSecond: 0 };
  const seconds = (nowMs - previous.atMs) / MS_PER_SECOND;
  if (seconds <= 0) return { receivedPerSecond: previous.receivedPerSecond, sentPerSecond: previous.sentPerSecond };
  return {
    receivedPerSecond: Math.round(Math.max(0, received - previous.received) / seconds),
    sentPerSecond: Math.round(Math.max(0, sent - previous.sent) / seconds),
  };
}
