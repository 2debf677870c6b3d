import { createShareLinks } from "#features/share-links";
import type { ShareLinksRoom } from "#features/share-links";
import { createPasswords } from "#platform/password";
import type { Foundation } from "./foundation.ts";
import type { Later, Some } from "./rooms.ts";

/** Views for whoever has a link. */
export function composeShareLinks(
  base: Foundation,
  { identity, servers }: Some<"identity" | "servers">,
  later: Later<"services" | "statusPages">,
): Promise<ShareLinksRoom> {
  const { audit, clock, config, database, facts, onError, random, requireRoom, share } = base;
  return createShareLinks({
    clock,
    share,
    random,
    database,
    audit,
    facts,
    passwords: createPasswords(),
    requireRoom,
    subjects: {
      server: { ownerOf: (id) => servers.directory.get(id)?.settings.ownerId, pathOf: () => "/" },
      service: { ownerOf: (id) => later().services.services.get(id)?.ownerId, pathOf: () => "/service" },
      "status-page": { ownerOf: (id) => later().statusPages.ownerOf(id), pathOf: (id) => later().statusPages.pathOf(id) },
    },
    ownsEverything: (id) => identity.users.ownsEverything(id),
    key: config.current.jwtSecretKey,
    onError: onError("share-links"),
  });
}
