import type { PagesDeps } from "#platform/pages";
import type { Foundation } from "./foundation.ts";
import type { Rooms } from "./rooms.ts";

/** With more servers the page is faster without them. */
const MOST_EMBEDDED_SERVERS = 200;

/** What the public start page holds for somebody not signed in, so that it shows something before its first call. */
export function firstPaint({ config }: Foundation, { settings, liveFeed, servers }: Rooms): PagesDeps["embed"] {
  return async (half, request) => {
    if (half !== "public" || config.current.forceAuth || request.visit.cookies["nz-jwt"]) return undefined;
    const frame = servers.directory.size <= MOST_EMBEDDED_SERVERS ? `,"frame":${liveFeed.guestSnapshot()}` : "";
    return `{"setting":${JSON.stringify(settings.guestView())},"profile":null${frame}}`;
  };
}
