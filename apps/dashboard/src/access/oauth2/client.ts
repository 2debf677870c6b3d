import { createBoundedCache } from "@windfire/kit";
import type { ClientAuth } from "oauth4webapi";
import { textAtPath } from "./json-path.ts";
import { library } from "./library.ts";
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
}

/** Talks to providers: spec 10 section 8.3. */
export interface OAuth2Client {
  /**
   * Exchanges the code and reads who it stands for. Never empty.
   * @throws {Error} with a text that may be shown; it holds nothing of the provider's answer but its error code.
   */
  openId(provider: Provider, exchange: Exchange): Promise<string>;
}

/** Remembered ways to name the client; more providers than that are not configured. */
const MOST_WAYS = 100;
type Way = "header" | "body";

interface AccessToken {
  readonly type: string;
  readonly value: string;
}

export function createOAuth2Client({ fetch }: { fetch: ProviderFetch }): OAuth2Client {
  const ways = createBoundedCache<string, Way>(MOST_WAYS);
  const tokenBy = async (provider: Provider, exchange: Exchange, way: Way): Promise<AccessToken> => {
    const token = await requestToken(fetch, provider, exchange, CLIENT_AUTH[way](provider.clientSecret));
    ways.set(wayKey(provider), way);
    return token;
  };
  return {
    async openId(provider, exchange) {
      const known = ways.get(wayKey(provider));
      const token = known
        ? await tokenBy(provider, exchange, known)
        : await tokenBy(provider, exchange, "header").catch(async () => tokenBy(provider, exchange, "body"));
      const id = await requestOpenId(fetch, provider, token);
      if (id === "") throw new Error("oauth2: the provider gave no user id");
      return id;
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
    const { response, type } = await plainTokenAnswer(answer);
    const token = await oauth.processAuthorizationCodeResponse(server, client, response);
    return { type, value: token.access_token };
  } catch (error) {
    throw new Error(await tokenFailure(error), { cause: error });
  }
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
    return error.message.includes('"iss"') ? "oauth2: somebody else answered" : "oauth2: server response missing access_token";
  }
  return error instanceof Error && error.message.startsWith("oauth2: ") ? error.message : "oauth2: cannot fetch token";
}

async function requestOpenId(fetch: ProviderFetch, provider: Provider, token: AccessToken): Promise<string> {
  const oauth = await library();
  const headers = new Headers({ accept: "application/json", "user-agent": "windfire" });
  const authorization = `${token.type} ${token.value}`;
  const answer = await oauth.protectedResourceRequest(token.value, "GET", new URL(provider.userInfoUrl), headers, null, {
    [oauth.customFetch]: (url, request) => fetch(url, { method: "GET", headers: { ...request.headers, authorization } }),
    [oauth.allowInsecureRequests]: true,
  });
  if (!answer.ok) throw new Error(`oauth2: cannot fetch user info: status ${answer.status}`);
  try {
    return textAtPath(await answer.text(), provider.userIdPath);
  } catch {
    throw new Error("oauth2: user info is not JSON");
  }
}
