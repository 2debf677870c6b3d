import { ApiToken, ApiTokenCreate, ApiTokenCreated, Nothing } from "@windfire/api";
import { z } from "zod";
import { ownAccount, stepUp } from "#kernel";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { sessionOf } from "./routes-session.ts";
import type { TokenCommands } from "./token-commands.ts";
import type { Token, TokenRecords, TokenUse } from "./token-store.ts";
import type { TokenUses } from "./token-uses.ts";

export interface TokenRoutesDeps {
  readonly records: Pick<TokenRecords, "by">;
  readonly uses: Pick<TokenUses, "of">;
  /** Uses as they are stored: other dashboards of the installation note theirs as well. */
  readonly storedUses: (userId: number) => Promise<ReadonlyMap<number, TokenUse>>;
  readonly commands: TokenCommands;
}

/** Personal access tokens: spec 10 section 12. */
export function tokenRoutes(deps: TokenRoutesDeps): readonly AnyRoute[] {
  const { records, commands } = deps;
  const tag = "api-token";
  return [
    route({
      method: "GET",
      path: "/api-tokens",
      access: ownAccount(),
      summary: "The own access tokens, newest first",
      tag,
      data: z.array(ApiToken),
      run: async ({ caller }) => {
        const { id } = sessionOf(caller).user;
        const stored = await deps.storedUses(id);
        return records.by("owner", id).map((token) => tokenJson(token, newer(deps.uses.of(token), stored.get(token.id))));
      },
    }),
    route({
      method: "POST",
      path: "/api-tokens",
      secret: true,
      access: stepUp(ownAccount()),
      summary: "Create an access token; its text is shown this once",
      tag,
      body: ApiTokenCreate,
      data: ApiTokenCreated,
      run: async ({ caller, body }) => {
        const { token, text } = await commands.create(sessionOf(caller), body);
        return { id: token.id, name: token.name, token: text, scopes: [...(token.scopes ?? [])], ...limitsJson(token) };
      },
    }),
    route({
      method: "DELETE",
      path: "/api-tokens/:id",
      access: ownAccount(),
      summary: "Delete an access token and end everything that runs under it",
      tag,
      params: idParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await commands.delete(sessionOf(caller), params.id);
        return null;
      },
    }),
  ];
}

function newer(one: TokenUse | undefined, other: TokenUse | undefined): TokenUse | undefined {
  return one && other && one.at.epochMs < other.at.epochMs ? other : (one ?? other);
}

function tokenJson(token: Token, use: TokenUse | undefined): z.output<typeof ApiToken> {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes && [...token.scopes],
    ...limitsJson(token),
    ...(use && { last_used_at: use.at.rfc3339 }),
    ...(use?.ip && { last_used_ip: use.ip }),
    created_at: token.createdAt.rfc3339,
  };
}

function limitsJson({ serverIds, expiresAt }: Token): { server_ids?: number[]; expires_at?: string } {
  return { ...(serverIds.length > 0 && { server_ids: [...serverIds] }), ...(expiresAt && { expires_at: expiresAt.rfc3339 }) };
}
