import { IdList, NewShareLink, Nothing, OpenedShareLink, OpenShareLink, ShareLink as ShareLinkJson, ShareLinkForm } from "@windfire/api";
import { z } from "zod";
import { formatInstant, open, personal, requireUser, stepUp } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { ShareCommands } from "./commands.ts";
import type { ShareLink } from "./model.ts";
import type { Opening } from "./opening.ts";

const tag = "share link";

function shown(link: ShareLink): ShareLinkJson {
  return {
    id: link.id,
    owner_id: link.ownerId,
    name: link.name,
    rows: [...link.rows],
    password: link.passwordHash !== "",
    created_at: formatInstant(link.createdAt),
    expires_at: formatInstant(link.expiresAt),
    ...(link.openedAt === 0 ? {} : { opened_at: formatInstant(link.openedAt) }),
  };
}

/** Share links. Ours: the reference has none. */
export function shareLinkRoutes(commands: ShareCommands, opening: Opening): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/share-link",
      access: personal(),
      summary: "Links that show some rows to whoever has them, newest first",
      tag,
      data: z.array(ShareLinkJson),
      run: ({ caller }) => commands.list(caller).map(shown),
    }),
    route({
      method: "POST",
      path: "/share-link",
      access: stepUp(personal()),
      secret: true,
      summary: "Make a link; its secret is shown this once",
      tag,
      body: ShareLinkForm,
      data: NewShareLink,
      run: async ({ caller, body: { expires_in_days: days, ...form } }) => {
        const { link, secret } = await commands.create(caller, requireUser(caller), { ...form, days });
        return { ...shown(link), secret };
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/share-link",
      access: personal(),
      summary: "Revoke links, and close what is open by them",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.revoke(caller, body);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/share-link/open",
      access: open(),
      throttled: true,
      summary: "Open a link by its secret, and its password where it has one; a cookie comes with the answer",
      tag,
      body: OpenShareLink,
      data: OpenedShareLink,
      run: async ({ body, ip, visit, setCookie }) => {
        const { link, cookie } = await opening.open(body, ip || visit.peer, visit.secure);
        setCookie(cookie);
        const expires_at = formatInstant(link.expiresAt);
        return { id: link.id, name: link.name, rows: opening.shown(link), start: opening.startOf(link), expires_at };
      },
    }),
  ];
}
