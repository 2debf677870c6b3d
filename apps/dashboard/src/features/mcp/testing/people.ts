import type { ApiTokenCreated } from "@windfire/api";
import type { Access } from "#access/testing";
import { ROLE } from "#kernel";
import type { SessionCaller } from "#kernel";
import { createRouteCaller } from "#platform/http/testing";

const ADMIN_ID = 1;

export interface TokenWish {
  readonly scopes: readonly string[];
  readonly servers?: readonly number[];
  readonly days?: number;
}

/** Users and tokens, made through the routes that people use. */
export function createPeople(access: Access) {
  const call = createRouteCaller(access.routes);
  const session = (id: number): SessionCaller => {
    const account = access.users.get(id);
    if (!account) throw new Error(`no user ${id}`);
    return { kind: "session", user: account.user, sessionKey: "k", via: "cookie" };
  };
  const ask = async (id: number, request: string, body?: unknown): Promise<unknown> => {
    const answer = await call(session(id), request, body);
    if ("error" in answer) throw new Error(answer.error);
    return answer.data;
  };
  return {
    adminId: ADMIN_ID,
    member: async (username: string): Promise<number> =>
      (await ask(ADMIN_ID, "POST /user", { username, password: "member-password", role: ROLE.member })) as number,
    token: async (userId: number, { scopes, servers = [], days = 0 }: TokenWish): Promise<ApiTokenCreated> =>
      (await ask(userId, "POST /api-tokens", { name: "ci", scopes, server_ids: servers, expires_in_days: days })) as ApiTokenCreated,
    deleteToken: async (id: number): Promise<unknown> => ask(ADMIN_ID, `DELETE /api-tokens/${id}`),
    deleteUser: async (id: number): Promise<unknown> => ask(ADMIN_ID, "POST /batch-delete/user", [id]),
  };
}
