import { z } from "zod";
import { page } from "./envelope.ts";
import { count, int64, uint8 } from "./numbers.ts";

/** Why an address was counted (spec 10 section 9.2). */
export const BLOCK_REASON = { login: 1, token: 2, agent: 3, manual: 4, oauth2: 5 } as const;
export type BlockReason = (typeof BLOCK_REASON)[keyof typeof BLOCK_REASON];

/** Who was tried; above 0 it is the id of the user whose password was tried (spec 10 section 9.2). */
export const BLOCK_IDENTIFIER = {
  agent: -127,
  token: -126,
  unknownUser: -125,
  manual: -124,
} as const;

/** A row of `GET /waf` (spec 10 section 9.7). */
export const WafEntry = z
  .object({
    ip: z.string().meta({ examples: ["203.0.113.9"] }),
    block_identifier: int64.meta({
      description: "-127 agent, -126 token or OAuth2, -125 unknown user name, -124 manual, above 0 the user whose password was tried",
    }),
    block_reason: uint8.meta({
      description: "1 failed login, 2 bad token, 3 agent refused, 4 manual, 5 OAuth2 abuse",
    }),
    block_timestamp: count.meta({ description: "Unix seconds" }),
    count,
  })
  .meta({ id: "WafEntry" });
export type WafEntry = z.output<typeof WafEntry>;

/** `GET /waf`: newest first. */
export const WafPage = page(WafEntry).meta({ id: "WafPage" });
