import { z } from "zod";
import { characters, flag, LIMITS, line } from "./text.ts";

const MOST_WORDS = 200;
const words = z.array(characters(LIMITS.name)).max(MOST_WORDS, `must have at most ${MOST_WORDS} entries`).default([]);
const PROVIDER_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

const shape = {
  name: z
    .string()
    .regex(PROVIDER_NAME, "must begin with a letter or digit, and have at most 64 of these, spaces, dots, dashes or underscores")
    .meta({ description: "Shown to whoever signs in" }),
  issuer: line().meta({ description: "Where the provider describes itself; what it says there need not be given here" }),
  client_id: line(),
  auth_url: line(),
  token_url: line(),
  user_info_url: line(),
  user_id_path: line().meta({
    description: "Where the user info holds what tells one account from another; with OpenID Connect `sub` unless given",
  }),
  scopes: words,
  pkce: z.boolean().nullable().default(null).meta({ description: "null: as the provider says of itself" }),
  groups_claim: line().meta({ description: "Claim that lists somebody's groups, dots descend; `groups` unless given" }),
  allowed_domains: words.meta({ description: "Of verified e-mail addresses; empty: all" }),
  allowed_groups: words.meta({ description: "Empty: all" }),
  roles: z
    .object({ administrator: words, member: words, viewer: words })
    .prefault({})
    .meta({ description: "Groups by what their people are here, at each sign-in; all empty: that is said here" }),
  create_accounts: flag().meta({ description: "Whoever may come in and has no account gets one" }),
  sign_out: z.boolean().default(true).meta({ description: "Signing out goes on at the provider, where it offers that" }),
};

/** `POST /sign-in-provider` (ours): makes or replaces the provider of this name in `config.yaml`. */
export const SignInProviderForm = z
  .object({ ...shape, client_secret: line().meta({ description: "Never shown again; empty: as it is" }) })
  .meta({ id: "SignInProviderForm" });
export type SignInProviderForm = z.output<typeof SignInProviderForm>;

/** `GET /sign-in-provider` (ours). */
export const SignInProvider = z
  .object({ ...shape, client_secret: z.boolean().meta({ description: "Whether there is one" }) })
  .meta({ id: "SignInProvider" });
export type SignInProvider = z.output<typeof SignInProvider>;
