import { ApiToken, ApiTokenCreate, ApiTokenCreated, Nothing } from "@windfire/api";
import { z } from "zod";
import { isAdmin, refuse, refuseText, ROLE, sessionOnly } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { sessionOf } from "./routes-session.ts";
import { checkTokenRequest } from "./token-request.ts";
import type { Token } from "./token-store.ts";
import type { Tokens } from "./tokens.ts";

export interface TokenRoutesDeps {
  readonly now: () => number;
  readonly tokens: Tokens;
  /** Owner of a server, `undefined` when there is no such server. */
  readonly ownerOfServer: (serverId: number) => number | undefined;
  readonly rowsPerMember: number;
}

const DAY_MS = 86_400_000;

/** Personal access tokens: spec 10 section 12. */
export function tokenRoutes(deps: TokenRoutesDeps): readonly AnyRoute[] {
  const { tokens } = deps;
  const tag = "api-token";
  return [
    route({
      method: "GET",
      path: "/api-tokens",
      access: sessionOnly(),
      summary: "The own access tokens, newest first",
      tag,
      data: z.array(ApiToken),
      run: async ({ caller }) => (await tokens.listOf(sessionOf(caller).user.id)).map(tokenJson),
    }),
    route({
      method: "POST",
      path: "/api-tokens",
      secret: true,
      access: sessionOnly(),
      summary: "Create an access token; its text is shown this once",
      tag,
      body: ApiTokenCreate,
      data: ApiTokenCreated,
      run: async ({ caller, body }) => {
        const { user } = sessionOf(caller);
        const { name, scopes, serverIds, expiresInDays } = checkTokenRequest(body, user, deps.ownerOfServer);
        const most = user.role === ROLE.admin ? Infinity : deps.rowsPerMember;
        const expiresAt = expiresInDays === 0 ? undefined : deps.now() + expiresInDays * DAY_MS;
        const made = await tokens.create({ userId: user.id, name, scopes, serverIds, expiresAt }, most);
        if (made === "too many") throw refuseText(`too many access tokens (max ${most})`);
        if (made === "no owner") throw refuse("unauthorized");
        const { token, text } = made;
        return { id: token.id, name, token: text, scopes: [...scopes], ...limitsJson(token) };
      },
    }),
    route({
      method: "DELETE",
      path: "/api-tokens/:id",
      access: sessionOnly(),
      summary: "Delete an access token and end everything that runs under it",
      tag,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        const token = await tokens.find(params.id);
        if (!token || (token.userId !== sessionOf(caller).user.id && !isAdmin(caller))) throw refuse("not found");
        await tokens.delete(token.id);
        return null;
      },
    }),
  ];
}

function tokenJson(token: Token): z.output<typeof ApiToken> {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes && [...token.scopes],
    ...limitsJson(token),
    ...(token.lastUsedAt && { last_used_at: token.lastUsedAt.rfc3339 }),
    ...(token.lastUsedIp && { last_used_ip: token.lastUsedIp }),
    created_at: token.createdAt.rfc3339,
  };
}

function limitsJson({ serverIds, expiresAt }: Token): { server_ids?: number[]; expires_at?: string } {
  return { ...(serverIds.length > 0 && { server_ids: [...serverIds] }), ...(expiresAt && { expires_at: expiresAt.rfc3339 }) };
}
