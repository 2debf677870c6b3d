import { createBoundedCache } from "@windfire/kit";
import type { ClientAuth } from "oauth4webapi";
import { textAtPath } from "./json-path.ts";
import { library } from "./library.ts";
import type { Claims } from "./people.ts";
import type { Provider } from "./provider.ts";
import type { ProviderFetch } from "./provider-fetch.ts";
import { plainTokenAnswer } from "./token-answer.ts";

/** What came back with the browser, and what the flow was begun with. */
export interface Exchange {
  readonly code: string;
  /** Who says it is the sender; "" when nobody does. */
  readonly issuer: string;
  readonly redirectUri: string;
  /** Proof that who ends the flow began it (RFC 7636). */
  readonly verifier: string;
  /** Comes back in the identity token, so that one of another flow is none. */
  readonly nonce: string;
}

/** Who somebody is at a provider. */
export interface ProviderPerson {
  /** Never empty. */
  readonly openId: string;
  readonly claims: Claims;
}

/** Talks to providers: spec 10 section 8.3. */
export interface OAuth2Client {
  /**
   * Exchanges the code and reads who it stands for. Never empty.
   * @throws {Error} with a text that may be shown; it holds nothing of the provider's answer but its error code.
   */
  person(provider: Provider, exchange: Exchange): Promise<ProviderPerson>;
}

/** Remembered ways to name the client; more providers than that are not configured. */
const MOST_WAYS = 100;
type Way = "header" | "body";
const BAD_IDENTITY = "oauth2: the identity token is not good";

interface AccessToken {
  readonly type: string;
  readonly value: string;
  /** Of the identity token, checked: who made it, whom for, when, for which flow, and its signature. */
  readonly identity?: Claims;
}

export function createOAuth2Client({ fetch }: { fetch: ProviderFetch }): OAuth2Client {
  const ways = createBoundedCache<string, Way>(MOST_WAYS);
  const tokenBy = async (provider: Provider, exchange: Exchange, way: Way): Promise<AccessToken> => {
    const token = await requestToken(fetch, provider, exchange, CLIENT_AUTH[way](provider.clientSecret));
    ways.set(wayKey(provider), way);
    return token;
  };
  return {
    async person(provider, exchange) {
      const known = ways.get(wayKey(provider));
      const token = known
        ? await tokenBy(provider, exchange, known)
        : await tokenBy(provider, exchange, "header").catch(async (error: unknown) => {
            // The provider knew the client: asked again it would tell of a code that is used up.
            if (error instanceof Error && error.message === BAD_IDENTITY) throw error;
            return tokenBy(provider, exchange, "body");
          });
      const person = await personOf(fetch, provider, token);
      if (person.openId === "") throw new Error("oauth2: the provider gave no user id");
      return person;
    },
  };
}

const wayKey = ({ tokenUrl, clientId }: Provider): string => `${tokenUrl}\n${clientId}`;

/** As Go's client writes both, which providers were tried with: the library escapes `-` too, which some do not undo. */
const CLIENT_AUTH: Readonly<Record<Way, (secret: string) => ClientAuth>> = {
  header: (secret) => (_server, client, _body, headers) => {
    const pair = `${formEncode(client.client_id)}:${formEncode(secret)}`;
    headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  },
  body: (secret) => (_server, client, body) => {
    body.set("client_id", client.client_id);
    body.set("client_secret", secret);
  },
};

const formEncode = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2);

async function requestToken(fetch: ProviderFetch, provider: Provider, exchange: Exchange, auth: ClientAuth): Promise<AccessToken> {
  const oauth = await library();
  const { server, usesPkce, isKnown } = provider;
  const client = { client_id: provider.clientId };
  const came = new URLSearchParams({ code: exchange.code, ...(isKnown && exchange.issuer !== "" ? { iss: exchange.issuer } : {}) });
  try {
    const parameters = oauth.validateAuthResponse(server, client, came, oauth.expectNoState);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      auth,
      parameters,
      exchange.redirectUri,
      usesPkce ? exchange.verifier : oauth.nopkce,
      { [oauth.customFetch]: (url, request) => fetch(url, asPlainForm(request)), [oauth.allowInsecureRequests]: true },
    );
    if (provider.isOidc) return await oidcToken(fetch, provider, exchange, answer);
    const { response, type } = await plainTokenAnswer(answer);
    const token = await oauth.processAuthorizationCodeResponse(server, client, response);
    return { type, value: token.access_token };
  } catch (error) {
    throw new Error(await tokenFailure(error), { cause: error });
  }
}

/** A signed identity token has to come with the access token. Keys are asked for each time, so that changed ones are known at once. */
async function oidcToken(
  fetch: ProviderFetch,
  { server, clientId }: Provider,
  { nonce }: Exchange,
  answer: Response,
): Promise<AccessToken> {
  const oauth = await library();
  const options = { expectedNonce: nonce, requireIdToken: true };
  const token = await oauth.processAuthorizationCodeResponse(server, { client_id: clientId }, answer, options);
  await oauth.validateApplicationLevelSignature(server, answer, {
    [oauth.customFetch]: (url, request) => fetch(url, { method: request.method, headers: request.headers }),
    [oauth.allowInsecureRequests]: true,
  });
  const identity = oauth.getValidatedIdTokenClaims(token);
  if (!identity) throw new Error("oauth2: no identity token");
  return { type: "Bearer", value: token.access_token, identity };
}

/** Without the character set, which the reference does not name and no form has. */
function asPlainForm<T extends { readonly headers: Readonly<Record<string, string>> }>(request: T): T {
  return { ...request, headers: { ...request.headers, "content-type": "application/x-www-form-urlencoded" } };
}

async function tokenFailure(error: unknown): Promise<string> {
  const { OperationProcessingError, ResponseBodyError } = await library();
  if (error instanceof ResponseBodyError) return `oauth2: cannot fetch token: ${error.error}`;
  if (error instanceof OperationProcessingError) {
    const { cause } = error;
    if (cause instanceof Response) return `oauth2: cannot fetch token: status ${cause.status}`;
    if (/id_token|ID Token|JWT|JWS|nonce|signature|"aud"|"exp"|"iat"/i.test(error.message)) return BAD_IDENTITY;
    return error.message.includes('"iss"') ? "oauth2: somebody else answered" : "oauth2: server response missing access_token";
  }
  return error instanceof Error && error.message.startsWith("oauth2: ") ? error.message : "oauth2: cannot fetch token";
}

async function personOf(fetch: ProviderFetch, provider: Provider, token: AccessToken): Promise<ProviderPerson> {
  const { identity } = token;
  const info = provider.userInfoUrl === "" ? JSON.stringify(identity ?? {}) : await requestUserInfo(fetch, provider, token);
  const said = claimsOf(info);
  // What the user info says of somebody else is nothing (OpenID Connect Core, section 5.3.2).
  if (identity && said["sub"] !== identity["sub"]) throw new Error("oauth2: the user info is of somebody else");
  try {
    return { openId: textAtPath(info, provider.userIdPath), claims: { ...said, ...identity } };
  } catch {
    throw new Error("oauth2: user info is not JSON");
  }
}

async function requestUserInfo(fetch: ProviderFetch, provider: Provider, token: AccessToken): Promise<string> {
  const oauth = await library();
  const headers = new Headers({ accept: "application/json", "user-agent": "windfire" });
  const authorization = `${token.type} ${token.value}`;
  const answer = await oauth.protectedResourceRequest(token.value, "GET", new URL(provider.userInfoUrl), headers, null, {
    [oauth.customFetch]: (url, request) => fetch(url, { method: "GET", headers: { ...request.headers, authorization } }),
    [oauth.allowInsecureRequests]: true,
  });
  if (!answer.ok) throw new Error(`oauth2: cannot fetch user info: status ${answer.status}`);
  return answer.text();
}

/** A list, a single value, or what is no JSON by itself, claims nothing; an id may be read from it all the same. */
function claimsOf(text: string): Claims {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
