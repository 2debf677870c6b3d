import ipaddr from "ipaddr.js";

/** Addresses and a port that may be connected to although they are not public; port 0 stands for all. */
export interface AllowedTarget {
  readonly range: readonly [ipaddr.IPv4 | ipaddr.IPv6, number];
  readonly port: number;
}

/**
 * `192.168.1.20:8123`, `10.0.0.0/8:443`, `[fd00::/8]:25`; without a port all of them.
 *
 * @throws {RangeError} for anything else
 */
export function parseAllowedTarget(text: string): AllowedTarget {
  const groups = /^(?:\[(?<v6>[0-9a-fA-F:.]+(?:\/\d{1,3})?)\]|(?<v4>[\d.]+(?:\/\d{1,2})?))(?::(?<port>\d{1,5}))?$/.exec(
    text.trim(),
  )?.groups;
  const network = groups?.["v6"] ?? groups?.["v4"];
  const port = Number(groups?.["port"] ?? 0);
  if (network === undefined || port > 65_535 || (groups?.["port"] !== undefined && port === 0)) throw new RangeError(SHAPE);
  const [address = "", bits] = network.split("/");
  const isV6 = groups?.["v6"] !== undefined;
  if (!(isV6 ? ipaddr.IPv6.isValid(address) : ipaddr.IPv4.isValidFourPartDecimal(address))) throw new RangeError(SHAPE);
  const most = isV6 ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  if (length > most) throw new RangeError(SHAPE);
  return { range: [ipaddr.parse(address), length], port };
}

const SHAPE = "must be an address or network with a port, such as 192.168.1.20:8123, 10.0.0.0/8:443 or [fd00::/8]:25";

/** Whether one of the targets covers an address; an IPv4 address inside an IPv6 one counts as IPv4. */
export function isAllowedTarget(targets: readonly AllowedTarget[], text: string, port: number): boolean {
  if (targets.length === 0 || !ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return targets.some(({ range: [network, length], port: only }) => {
    if (only !== 0 && only !== port) return false;
    if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, length);
    return network instanceof ipaddr.IPv6 && address.match(network, length);
  });
}
