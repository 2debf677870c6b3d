import { LoginResponse, Nothing, Passkey, PasskeyAnswer, PasskeyCreation, PasskeyOptions, PasskeyParams } from "@windfire/api";
import { z } from "zod";
import type { Passkeys, RelyingParty } from "#access/factors";
import { formatInstant, open, refuseText, ownAccount, stepUp } from "#kernel";
import { route } from "#platform/http";
import type { AnyRoute, Visit } from "#platform/http";
import type { ProofCommands } from "./proof-commands.ts";
import { finish, originOf, sessionOf } from "./routes-session.ts";
import type { SignIn } from "./sign-in.ts";

export interface PasskeyRoutesDeps {
  readonly passkeys: Passkeys;
  readonly commands: Pick<ProofCommands, "addPasskey">;
  readonly signIn: SignIn;
  /** @throws {AppError} where passkeys cannot be used */
  readonly party: (visit: Visit) => RelyingParty;
  readonly siteName: () => string;
  /** Value of `WWW-Authenticate`. */
  readonly realm: string;
}

const TAG = "passkey";

/** Passkeys (WebAuthn). All of it is ours. */
export function passkeyRoutes(deps: PasskeyRoutesDeps): readonly AnyRoute[] {
  return [...ownPasskeyRoutes(deps), ...passkeySignInRoutes(deps)];
}

function ownPasskeyRoutes({ passkeys, commands, party, siteName }: PasskeyRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/passkey",
      access: ownAccount(),
      summary: "The own passkeys",
      tag: TAG,
      data: z.array(Passkey),
      run: async ({ caller }) =>
        (await passkeys.listOf(sessionOf(caller).user.id)).map(({ id, name, createdAt, usedAt }) => ({
          id,
          name,
          created_at: formatInstant(createdAt),
          ...(usedAt > 0 && { last_used_at: formatInstant(usedAt) }),
        })),
    }),
    route({
      method: "POST",
      path: "/passkey/options",
      access: stepUp(ownAccount(), "always"),
      summary: "Begin to make a passkey: for `navigator.credentials.create`",
      tag: TAG,
      data: PasskeyOptions,
      run: ({ caller, visit }) => passkeys.creationOptions(sessionOf(caller), party(visit), siteName()),
    }),
    route({
      method: "POST",
      path: "/passkey",
      access: stepUp(ownAccount(), "always"),
      summary: "Add the passkey that was made",
      tag: TAG,
      body: PasskeyCreation,
      data: Nothing,
      run: async ({ caller, body, visit }) => {
        await commands.addPasskey(sessionOf(caller), body, party(visit));
        return null;
      },
    }),
    route({
      method: "DELETE",
      path: "/passkey/:id",
      access: stepUp(ownAccount(), "always"),
      summary: "Remove one of the own passkeys",
      tag: TAG,
      params: PasskeyParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await passkeys.remove(sessionOf(caller), params.id);
        return null;
      },
    }),
    route({
      method: "POST",
      path: "/step-up/options",
      access: ownAccount(),
      summary: "Begin to prove again by passkey who one is: for `navigator.credentials.get`",
      tag: TAG,
      data: PasskeyOptions,
      run: ({ caller, visit, ip }) => passkeys.requestOptions(sessionOf(caller).user.id, party(visit), ip || visit.peer),
    }),
  ];
}

function passkeySignInRoutes({ passkeys, signIn, party, realm }: PasskeyRoutesDeps): readonly AnyRoute[] {
  const refused = refuseText("ApiErrorUnauthorized", 200, { "www-authenticate": realm });
  return [
    route({
      method: "POST",
      path: "/login/passkey/options",
      access: open(),
      summary: "Begin to sign in by passkey: for `navigator.credentials.get`",
      tag: TAG,
      data: PasskeyOptions,
      run: ({ visit, ip }) => passkeys.requestOptions(0, party(visit), ip || visit.peer),
    }),
    route({
      method: "POST",
      path: "/login/passkey",
      secret: true,
      access: open(),
      summary: "Sign in with a passkey; neither password nor code is asked for",
      tag: TAG,
      body: PasskeyAnswer,
      data: LoginResponse,
      run: async (context) => {
        const signedIn = await signIn.byPasskey(context.body, party(context.visit), originOf(context));
        if (!signedIn) throw refused;
        return finish(context, signedIn);
      },
    }),
  ];
}
