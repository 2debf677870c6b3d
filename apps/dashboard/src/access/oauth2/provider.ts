import { createBoundedCache } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import type { AuthorizationServer } from "oauth4webapi";
import type { Oauth2Provider } from "#platform/config";
import { library } from "./library.ts";
import type { ProviderFetch } from "./provider-fetch.ts";

/** A provider with everything that is needed to ask it. */
export interface Provider extends Pick<Oauth2Provider, "clientId" | "clientSecret" | "scopes" | "userIdPath"> {
  readonly server: AuthorizationServer;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly userInfoUrl: string;
  /** Whether a flow is bound to this program by a proof (RFC 7636). */
  readonly usesPkce: boolean;
  /** Whether it proves by a signed token who somebody is (OpenID Connect): asked for with the scope `openid`, signed by keys it names. */
  readonly isOidc: boolean;
  /** Whether it says of itself who it is, so that an answer can be held against that (RFC 9207). */
  readonly isKnown: boolean;
}

/** Completes what is configured with what providers say of themselves, where an `issuer` is configured. */
export interface Providers {
  /** @throws {Error} with a text that may be shown, when a provider's description is needed and cannot be had */
  complete(configured: Oauth2Provider): Promise<Provider>;
}

/** Descriptions that are kept; more providers than that are not configured. */
const MOST_DESCRIPTIONS = 100;
const KEPT_MS = 60 * 60_000;

export function createProviders(deps: { clock: Clock; fetch: ProviderFetch }): Providers {
  const descriptions = createBoundedCache<string, { readonly until: number; readonly server: Promise<AuthorizationServer> }>(
    MOST_DESCRIPTIONS,
  );
  const describe = async (issuer: string): Promise<AuthorizationServer> => {
    const kept = descriptions.get(issuer);
    if (kept !== undefined && deps.clock.monotonic() < kept.until) return kept.server;
    const server = readDescription(issuer, deps.fetch);
    descriptions.set(issuer, { until: deps.clock.monotonic() + KEPT_MS, server });
    // What failed is asked again by the next flow.
    server.catch(() => descriptions.delete(issuer));
    return server;
  };
  return {
    async complete(configured) {
      const { issuer = "", endpoint, pkce, clientId, clientSecret, scopes, userIdPath } = configured;
      const described: AuthorizationServer = issuer === "" ? { issuer: endpoint.tokenUrl } : await describe(issuer);
      const authUrl = endpoint.authUrl || (described.authorization_endpoint ?? "");
      const tokenUrl = endpoint.tokenUrl || (described.token_endpoint ?? "");
      const userInfoUrl = configured.userInfoUrl || (described.userinfo_endpoint ?? "");
      const isOidc = issuer !== "" && scopes.includes("openid") && described.jwks_uri !== undefined;
      // An identity token says enough where there is no user info.
      const needed = isOidc && userInfoUrl === "" ? [authUrl, tokenUrl] : [authUrl, tokenUrl, userInfoUrl];
      for (const url of needed) if (!URL.canParse(url)) throw new Error("oauth2: the provider lacks an address");
      return {
        clientId,
        clientSecret,
        scopes,
        userIdPath: userIdPath || (isOidc ? "sub" : ""),
        isOidc,
        authUrl,
        tokenUrl,
        userInfoUrl,
        server: { ...described, token_endpoint: tokenUrl },
        usesPkce: pkce ?? described.code_challenge_methods_supported?.includes("S256") === true,
        isKnown: issuer !== "",
      };
    },
  };
}

/** OpenID Connect's place for it first, then that of RFC 8414. */
async function readDescription(issuer: string, fetch: ProviderFetch): Promise<AuthorizationServer> {
  const oauth = await library();
  if (!URL.canParse(issuer)) throw new Error("oauth2: the provider's issuer is no address");
  const read = async (algorithm: "oidc" | "oauth2"): Promise<AuthorizationServer> => {
    const options = { algorithm, [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: true } as const;
    return oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), options));
  };
  return read("oidc").catch(async () =>
    read("oauth2").catch((error: unknown) => {
      const reason = error instanceof Error && error.message.startsWith("oauth2: ") ? `: ${error.message.slice(8)}` : "";
      throw new Error(`oauth2: the provider's description cannot be read${reason}`, { cause: error });
    }),
  );
}

/** Where the browser is sent to sign in; parameters sorted by name (spec 10 section 8.2). */
export async function authorizationUrl(provider: Provider, redirectUri: string, { state, verifier, nonce }: Proofs): Promise<string> {
  const query = new URLSearchParams({ access_type: "online", client_id: provider.clientId });
  if (provider.usesPkce) {
    query.set("code_challenge", await (await library()).calculatePKCECodeChallenge(verifier));
    query.set("code_challenge_method", "S256");
  }
  if (provider.isOidc) query.set("nonce", nonce);
  query.set("redirect_uri", redirectUri);
  query.set("response_type", "code");
  if (provider.scopes.length > 0) query.set("scope", provider.scopes.join(" "));
  query.set("state", state);
  return `${provider.authUrl}${provider.authUrl.includes("?") ? "&" : "?"}${query.toString()}`;
}

/** What binds a flow to the browser and to this program. */
interface Proofs {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
}

/** Where signing out goes on at the provider (OpenID Connect RP-Initiated Logout); `undefined` where it offers none. */
export function endSessionUrl({ server, clientId }: Provider, back: string): string | undefined {
  const { end_session_endpoint: endpoint } = server;
  if (typeof endpoint !== "string" || !URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("post_logout_redirect_uri", back);
  return url.href;
}
