import ipaddr from "ipaddr.js";

/** What the configuration says about notices of changed addresses (spec 41 section 4.4). */
export interface AddressNoticeSettings {
  readonly enableIpChangeNotification: boolean;
  readonly ipChangeNotificationGroupId: number;
  /** 1 all servers but the listed ones, 2 only those. */
  readonly cover: number;
  readonly ignoredIpNotificationServerIds: ReadonlySet<number>;
  readonly enablePlainIpInNotification: boolean;
}

/** An address, or two as `v4/v6`, before and after. */
export interface AddressChange {
  readonly serverId: number;
  readonly serverName: string;
  readonly previous: string;
  readonly current: string;
}

/**
 * The text for the group when a server's address changed, `undefined` when nobody is to be told (spec 20 section 5.4). The first address
 * after a start is no change.
 */
export function addressNotice(
  settings: AddressNoticeSettings,
  change: AddressChange,
  translate: (messageId: string) => string,
): string | undefined {
  const { serverId, serverName, previous, current } = change;
  if (!settings.enableIpChangeNotification || previous === "" || current === "" || previous === current) return undefined;
  const listed = settings.ignoredIpNotificationServerIds.has(serverId);
  if (!((settings.cover === 1 && !listed) || (settings.cover === 2 && listed))) return undefined;
  const shown = settings.enablePlainIpInNotification ? (text: string) => text : maskAddresses;
  return `[${translate("IP Changed")}] ${serverName}, ${shown(previous)} => ${shown(current)}`;
}

const MASK = "****";

/** Each address of `v4/v6` with its middle hidden: `1.****.4`, `2001:db8:****:0:1` (spec 41 section 13.3), short forms too. */
export function maskAddresses(text: string): string {
  return text.split("/").map(maskAddress).join("/");
}

function maskAddress(text: string): string {
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return `${address.octets[0]}.${MASK}.${address.octets[3]}`;
  const groups = address.toNormalizedString().split(":");
  return [...groups.slice(0, 2), MASK, ...groups.slice(-2)].join(":");
}
