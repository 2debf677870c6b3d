import {
  LITERAL_ERRORS,
  LoginRequest,
  LoginResponse,
  Nothing,
  OAUTH2_ACTION,
  OAuth2CallbackQuery,
  OAuth2Start,
  OAuth2StartQuery,
  ProviderParams,
  SignedOut,
} from "@windfire/api";
import { open, refuse, refuseText, ownAccount, sessionOptional } from "#kernel";
import type { AccessRule, Caller, SessionCaller } from "#kernel";
import { header, hostOf, Redirect, route } from "#platform/http";
import type { AnyRoute, Context, Cookie, Visit } from "#platform/http";
import type { Account } from "./account-store.ts";
import type { Users } from "./accounts.ts";
import {
  expiredCsrfCookie,
  expiredProviderCookie,
  expiredSessionCookie,
  OAUTH2_COOKIE,
  oauth2Cookie,
  PROVIDER_COOKIE,
  providerCookie,
} from "./cookies.ts";
import { CSRF_COOKIE } from "./csrf.ts";
import type { OAuth2 } from "#access/oauth2";
import { STATE_SECONDS } from "#access/oauth2";
import type { ProviderAccounts } from "./provider-accounts.ts";
import type { Sessions } from "./sessions.ts";
import type { Origin, SignedIn } from "./session-start.ts";
import type { SignIn } from "./sign-in.ts";
import type { StepUp } from "./step-up.ts";
import { tooManyAttempts } from "./current-password.ts";

export interface SessionRoutesDeps {
  readonly signIn: SignIn;
  readonly sessions: Pick<Sessions, "find">;
  readonly users: Users;
  readonly oauth2: OAuth2;
  readonly welcome: ProviderAccounts["welcome"];
  readonly stepUp: Pick<StepUp, "require">;
  /** Value of `WWW-Authenticate`. */
  readonly realm: string;
}

const TAG = "session";

/** Signing in and out: spec 10 sections 6 and 8. */
export function sessionRoutes(deps: SessionRoutesDeps): readonly AnyRoute[] {
  return [...passwordRoutes(deps), ...refreshRoutes(deps), ...oauth2Routes(deps)];
}

function passwordRoutes({ signIn, realm, oauth2 }: SessionRoutesDeps): readonly AnyRoute[] {
  const refused = refuseText("ApiErrorUnauthorized", 200, { "www-authenticate": realm });
  return [
    route({
      method: "POST",
      path: "/login",
      secret: true,
      access: open(),
      summary: "Sign in with a user name and password",
      tag: TAG,
      body: LoginRequest,
      bodyKind: "json-or-form",
      throttled: true,
      bodyRefusal: refused,
      data: LoginResponse,
      run: async (context) => {
        const result = await signIn.byPassword(context.body, originOf(context));
        if (result.outcome === "wait") throw tooManyAttempts(result.seconds);
        if (result.outcome === "refused") throw refused;
        if (result.outcome === "second-factor") throw refuseText(LITERAL_ERRORS.secondFactor);
        return finish(context, result.signedIn);
      },
    }),
    route({
      method: "POST",
      path: "/logout",
      access: ownAccount(),
      summary: "End the session and everything open under it",
      tag: TAG,
      data: SignedOut,
      run: async ({ caller, visit, setCookie }) => {
        await signIn.signOut(sessionOf(caller));
        setCookie(expiredSessionCookie(visit.secure));
        setCookie(expiredCsrfCookie(visit.secure));
        const provider = visit.cookies[PROVIDER_COOKIE];
        if (provider === undefined) return null;
        setCookie(expiredProviderCookie(visit.secure));
        // A provider that cannot be asked keeps nobody signed in here.
        const redirect = await oauth2.signOutUrl(provider, visit).catch(() => undefined);
        return redirect === undefined ? null : { redirect };
      },
    }),
  ];
}

function refreshRoutes({ signIn, sessions, users }: SessionRoutesDeps): readonly AnyRoute[] {
  const run = async (context: AnyContext) => {
    const { sessionKey, user } = sessionOf(context.caller);
    const session = await sessions.find(sessionKey);
    const account = users.get(user.id);
    if (!session || session.revoked || !account) throw refuseText("ApiErrorUnauthorized");
    return finish(context, await signIn.refresh(account, session, originOf(context)));
  };
  const refresh = (method: "GET" | "POST", access: AccessRule, summary: string): AnyRoute =>
    route({ method, path: "/refresh-token", secret: true, access, summary, tag: TAG, data: LoginResponse, run });
  return [
    refresh("POST", ownAccount(), "Renew the session token"),
    // The older official public page asks this way, with cookies alone (spec 10 section 22).
    refresh("GET", { auth: "strict", scopes: "forbidden", admin: false, csrf: false }, "Renew the session token (older clients)"),
  ];
}

function oauth2Routes({ signIn, users, oauth2, stepUp, welcome }: SessionRoutesDeps): readonly AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/oauth2/:provider",
      secret: true,
      // Nobody needs to be signed in, but who is may bind an account: only that user can finish then.
      access: sessionOptional(),
      summary: "Where the browser goes to sign in through a provider",
      tag: TAG,
      params: ProviderParams,
      query: OAuth2StartQuery,
      data: OAuth2Start,
      run: async ({ params, query, visit, caller, setCookie }) => {
        // Another way in is worth as much as the ones that are there.
        if (query.type === OAUTH2_ACTION.bind) stepUp.require("by-setting", caller);
        const { redirect, key } = await oauth2.begin(params.provider, query.type, visit, caller);
        setCookie(oauth2Cookie(key, { seconds: STATE_SECONDS, secure: visit.secure }));
        return { redirect };
      },
    }),
    route({
      method: "GET",
      path: "/oauth2/callback",
      writes: true,
      access: sessionOptional(),
      summary: "Where a provider sends the browser back to",
      tag: TAG,
      query: OAuth2CallbackQuery,
      data: Nothing,
      run: async (context) => {
        const { query, caller, ip, visit } = context;
        const key = visit.cookies[OAUTH2_COOKIE] ?? "";
        const arrived = await oauth2.finish({ key, ...query }, { caller, ip, visit });
        const { provider, purpose } = arrived;
        const account = users.get(await welcome(arrived, ip));
        const signedIn = account && (await signIn.byProvider(account, originOf(context), provider));
        if (!signedIn) throw refuse("oauth2 user not binded yet");
        finish(context, signedIn);
        if (oauth2.signsOutAt(provider)) context.setCookie(providerCookie(provider, visit.secure));
        return new Redirect(`/dashboard/${purpose === "bind" ? "profile" : "login"}?oauth2=true`);
      },
    }),
    route({
      method: "POST",
      path: "/oauth2/:provider/unbind",
      access: ownAccount(),
      summary: "Remove the own bindings to a provider",
      tag: TAG,
      params: ProviderParams,
      data: Nothing,
      run: async ({ caller, params }) => {
        await oauth2.unbind(sessionOf(caller), params.provider);
        return null;
      },
    }),
  ];
}

type AnyContext = Context<unknown, unknown, unknown>;

/** Sets the cookies of a sign-in. */
export function finish(context: { setCookie(cookie: Cookie): void }, signedIn: SignedIn): SignedIn["answer"] {
  for (const cookie of signedIn.cookies) context.setCookie(cookie);
  return signedIn.answer;
}

/** Where a request signs in from. */
export function originOf({ ip, visit }: { readonly ip: string; readonly visit: Visit }): Origin {
  const csrf = visit.cookies[CSRF_COOKIE];
  return { ip, peer: visit.peer, userAgent: header(visit, "user-agent"), secure: visit.secure, host: hostOf(visit), csrf };
}

/** The gate lets nobody else reach a route for people signed in. */
export function sessionOf(caller: Caller): SessionCaller {
  if (caller.kind !== "session") throw refuse("unauthorized");
  return caller;
}

export function accountOf(caller: Caller, users: Users): Account {
  const account = users.get(sessionOf(caller).user.id);
  if (!account) throw refuse("unauthorized");
  return account;
}
