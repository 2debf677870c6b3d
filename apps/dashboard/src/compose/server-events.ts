import { oneLine } from "@windfire/kit";
import { addressNotice } from "#features/notifications";
import type { Foundation } from "./foundation.ts";
import type { Some } from "./rooms.ts";

/** The group that the settings name hears of servers that moved to another address. */
export function tellAddressChanges(
  { config, facts, translate }: Foundation,
  { notifications, servers }: Some<"notifications" | "servers">,
): void {
  facts.subscribe("server.address-changed", ({ serverId, previous, current }) => {
    const serverName = oneLine(servers.directory.get(serverId)?.settings.name ?? "");
    const text = addressNotice(config.current, { serverId, serverName, previous, current }, translate);
    if (text !== undefined) notifications.notify(config.current.ipChangeNotificationGroupId, { text });
  });
}
