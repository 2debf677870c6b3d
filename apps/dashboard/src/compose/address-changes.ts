import { addressNotice } from "#features/notifications";
import type { Notifications } from "#features/notifications";
import type { ServerDirectory } from "#features/servers";
import type { Foundation } from "./foundation.ts";

/** The group that the settings name hears of servers that moved to another address. */
export function tellAddressChanges(
  { config, facts, translate }: Foundation,
  { notify }: Pick<Notifications, "notify">,
  servers: Pick<ServerDirectory, "get">,
): void {
  facts.subscribe("server.address-changed", ({ serverId, previous, current }) => {
    const serverName = servers.get(serverId)?.settings.name ?? "";
    const text = addressNotice(config.current, { serverId, serverName, previous, current }, translate);
    if (text !== undefined) notify(config.current.ipChangeNotificationGroupId, { text });
  });
}
