import type { Clock } from "@windfire/kit";
import type { Caller } from "#kernel";
import type { PagesDeps } from "#platform/pages";
import type { Rooms } from "./rooms.ts";

/** With more servers the page would be long on its way, and the list is the same by the socket. */
const MOST_EMBEDDED_SERVERS = 1_000;
/** Characters of groups and of services each; longer ones are asked for. */
const LONGEST_EMBEDDED = 100_000;
/** What guests see is put together at most so often, however many of them come. */
const RENDERED_FOR_MS = 2_000;
const GUEST: Caller = { kind: "guest" };

interface FirstPaintDeps {
  readonly clock: Pick<Clock, "monotonic">;
  readonly config: { readonly current: { readonly forceAuth: boolean } };
}

interface FirstPaintRooms {
  readonly settings: Pick<Rooms["settings"], "guestView">;
  readonly liveFeed: Pick<Rooms["liveFeed"], "guestSnapshot">;
  readonly servers: Pick<Rooms["servers"], "groupsFor"> & { readonly directory: Pick<Rooms["servers"]["directory"], "size"> };
  readonly services: Pick<Rooms["services"], "overviewFor">;
}

/** What the public start page holds for somebody not signed in, so that it shows something before its first call. `revision`: see guestRevision. */
export function firstPaint({ config, clock }: FirstPaintDeps, rooms: FirstPaintRooms, revision: () => number): PagesDeps["embed"] {
  const { settings, liveFeed, servers, services } = rooms;
  let rendered: { readonly at: number; readonly revision: number; readonly text: string } | undefined;
  const slowPart = (): string => {
    const [now, newest] = [clock.monotonic(), revision()];
    if (rendered === undefined || rendered.revision !== newest || now - rendered.at >= RENDERED_FOR_MS) {
      const text = short("groups", servers.groupsFor(GUEST)) + short("services", services.overviewFor(GUEST));
      rendered = { at: now, revision: newest, text };
    }
    return rendered.text;
  };
  return async (half, request) => {
    if (half !== "public" || config.current.forceAuth || request.visit.cookies["nz-jwt"]) return undefined;
    const frame = servers.directory.size <= MOST_EMBEDDED_SERVERS ? `,"frame":${liveFeed.guestSnapshot()}` : "";
    return `{"setting":${JSON.stringify(settings.guestView())},"profile":null${slowPart()}${frame}}`;
  };
}

function short(key: string, value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_EMBEDDED ? "" : `,"${key}":${text}`;
}
