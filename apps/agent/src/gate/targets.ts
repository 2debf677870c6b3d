import { BlockList, isIP } from "node:net";

/**
 * Whether a tunnel may lead there.
 *
 * @param limits `host:port`, `address:port`, `network/bits:port`; `*` is any port
 * @param address what the host's name stands for at this moment, the address that is connected to
 */
export function isPermittedTarget(
  limits: readonly string[],
  target: { readonly host: string; readonly port: number },
  address: string,
): boolean {
  return limits.some((limit) => {
    const [, bracketed, plain = "", bits, port] = LIMIT.exec(limit) ?? [];
    const host = bracketed ?? plain;
    if (port === undefined || (port !== "*" && Number(port) !== target.port)) return false;
    if (isIP(host) === 0) return bits === undefined && host.toLowerCase() === target.host.toLowerCase();
    return isInNetwork(address, host, bits === undefined ? undefined : Number(bits));
  });
}

const LIMIT = /^(?:\[([^\]]+)\]|([^\s:/]+))(?:\/(\d{1,3}))?:(\d{1,5}|\*)$/;

function isInNetwork(address: string, network: string, bits: number | undefined): boolean {
  const family = isIP(network);
  if (isIP(address) !== family) return false;
  const most = family === 6 ? 128 : 32;
  const list = new BlockList();
  list.addSubnet(network, Math.min(bits ?? most, most), family === 6 ? "ipv6" : "ipv4");
  return list.check(address, family === 6 ? "ipv6" : "ipv4");
}
