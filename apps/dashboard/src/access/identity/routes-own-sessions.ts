import { Nothing, SessionParams, SessionView, SignInNotice } from "@windfire/api";
import { z } from "zod";
import { adminSession, formatInstant, ownAccount } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { sessionOf } from "./routes-session.ts";
import { sessionId } from "./session-commands.ts";
import type { SessionCommands } from "./session-commands.ts";
import type { ListedSession } from "./session-store.ts";
import type { SignInNotices } from "./sign-in-notices.ts";

export interface OwnSessionRoutesDeps {
  readonly list: (userId: number) => Promise<readonly ListedSession[]>;
  readonly commands: SessionCommands;
  readonly notices: SignInNotices;
  /** Lower-case country code of an address, "" when none is known. */
  readonly countryOf: (ip: string) => Promise<string>;
}

const TAG = "session";

/** Where people are signed in, and being told of it. All of it is ours. */
export function ownSessionRoutes(deps: OwnSessionRoutesDeps): readonly AnyRoute[] {
  return [...sessionListRoutes(deps), ...noticeRoutes(deps)];
}

function sessionListRoutes({ list, commands, countryOf }: OwnSessionRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/session",
      access: ownAccount(),
      summary: "The own sessions, the one used last first; 100 at most",
      tag: TAG,
      data: z.array(SessionView),
      run: async ({ caller }) => {
        const { user, sessionKey } = sessionOf(caller);
        const rows = await list(user.id);
        return Promise.all(rows.map(async (row) => sessionJson(row, row.key === sessionKey, await countryOf(row.ip))));
      },
    }),
    route({
      method: "DELETE",
      path: "/session/:id",
      access: ownAccount(),
      summary: "End one of the own sessions and everything open under it",
      tag: TAG,
      params: SessionParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await commands.endOne(sessionOf(caller), params.id);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/session/end-others",
      access: ownAccount(),
      summary: "End all own sessions but this one",
      tag: TAG,
      data: Nothing,
      run: async ({ caller }) => {
        await commands.endOthers(sessionOf(caller));
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/user/:id/end-sessions",
      access: adminSession(),
      summary: "End all sessions of a user",
      tag: TAG,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await commands.endOfUser(caller, params.id);
        return null;
      },
    }),
  ];
}

function noticeRoutes({ notices }: OwnSessionRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/sign-in-notice",
      access: ownAccount(),
      summary: "Who is told of sign-ins from new devices, and of a second factor that is taken away",
      tag: TAG,
      data: SignInNotice,
      run: async ({ caller }) => ({ notification_group_id: await notices.groupOf(sessionOf(caller).user.id) }),
    }),
    route({
      method: "POST",
      path: "/sign-in-notice",
      access: ownAccount(),
      summary: "Choose the group of channels that tells; 0 for nobody",
      tag: TAG,
      body: SignInNotice,
      data: Nothing,
      run: async ({ caller, body }) => {
        await notices.choose(sessionOf(caller), body.notification_group_id);
        return null;
      },
    }),
  ];
}

function sessionJson(row: ListedSession, current: boolean, country: string): z.output<typeof SessionView> {
  return {
    id: sessionId(row.key),
    current,
    device: row.device,
    ...(row.ip && { address: row.ip }),
    ...(country && { country }),
    created_at: formatInstant(row.createdAt),
    last_used_at: formatInstant(row.lastUsedAt),
    expires_at: formatInstant(row.expiresAt),
  };
}
