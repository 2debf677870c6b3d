import { leadsTheSameWay } from "./model.ts";
import type { NatProfile } from "./model.ts";
import type { NatRecords } from "./store.ts";

/** Ends what is open through a tunnel when its row is deleted, switched off or leads elsewhere. */
export function followProfiles(
  profiles: Pick<NatRecords, "get" | "subscribe">,
  tunnel: { closeWhere(isOver: (opened: NatProfile) => boolean): void },
): void {
  const closeStale = (): void => tunnel.closeWhere((opened) => !leadsTheSameWay(opened, profiles.get(opened.id)));
  profiles.subscribe({ changed: closeStale, reloaded: closeStale });
}
