import { z } from "zod";
import { serverListOf } from "#access/policy";
import { isAdmin } from "#kernel";
import { arraySchema, flag, integer, objectSchema, text } from "./schema.ts";
import { tool } from "./tool.ts";
import type { Tool } from "./tool.ts";

/** `meta.whoami` (spec 40 section 10.1). */
export function whoami(deps: { readonly tokenName: (tokenId: number) => string }): Tool {
  return tool({
    name: "meta.whoami",
    title: "Who am I",
    description: "Tells who the access token in use belongs to, which scopes it has and to which servers it is limited.",
    scope: undefined,
    annotations: { readOnlyHint: true },
    args: z.object({}),
    inputSchema: objectSchema({}),
    outputSchema: objectSchema(
      {
        user_id: integer(),
        is_admin: flag(),
        token_id: integer(),
        token_name: text(),
        scopes: arraySchema(text()),
        server_ids: arraySchema(integer()),
      },
      ["user_id", "is_admin", "token_id", "scopes"],
    ),
    run: async (_args, { caller }) => {
      const listed = serverListOf(caller);
      return {
        user_id: caller.user.id,
        is_admin: isAdmin(caller),
        token_id: caller.tokenId,
        token_name: deps.tokenName(caller.tokenId),
        scopes: caller.scopes,
        ...(listed && { server_ids: [...listed] }),
      };
    },
  });
}
