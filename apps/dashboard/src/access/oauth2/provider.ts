import type { Oauth2Provider } from "#platform/config";
import { textAtPath } from "./json-path.ts";

/** Talks to providers: spec 10 sections 8.2 and 8.3. */
export interface OAuth2Client {
  /**
   * Exchanges the code and reads who it stands for. Never empty.
   * @throws {Error} with a text that may be shown; it holds nothing of the provider's answer but its error code.
   */
  openId(provider: Oauth2Provider, code: string, redirectUri: string): Promise<string>;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Remembered authentication styles; more providers than that are not configured. */
const MAX_STYLES = 100;

type Style = "header" | "body";

/** Where the browser is sent to sign in; parameters sorted by name. */
export function authorizationUrl(provider: Oauth2Provider, redirectUri: string, state: string): string {
  const query = new URLSearchParams({
    access_type: "online",
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
  });
  if (provider.scopes.length > 0) query.set("scope", provider.scopes.join(" "));
  query.set("state", state);
  return `${provider.endpoint.authUrl}${provider.endpoint.authUrl.includes("?") ? "&" : "?"}${query.toString()}`;
}

export function createOAuth2Client(deps: { fetch: typeof fetch }): OAuth2Client {
  const styles = new Map<string, Style>();
  const tryStyle = async (provider: Oauth2Provider, form: URLSearchParams, style: Style): Promise<AccessToken> => {
    const token = await requestToken(deps.fetch, provider, form, style);
    if (styles.size < MAX_STYLES) styles.set(styleKey(provider), style);
    return token;
  };
  return {
    async openId(provider, code, redirectUri) {
      const form = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirectUri });
      const known = styles.get(styleKey(provider));
      const token = known
        ? await tryStyle(provider, form, known)
        : await tryStyle(provider, form, "header").catch(async () => tryStyle(provider, form, "body"));
      const id = await requestOpenId(deps.fetch, provider, token);
      if (id === "") throw new Error("oauth2: the provider gave no user id");
      return id;
    },
  };
}

const styleKey = (provider: Oauth2Provider): string => `${provider.endpoint.tokenUrl}\n${provider.clientId}`;

interface AccessToken {
  readonly type: string;
  readonly value: string;
}

async function requestToken(send: typeof fetch, provider: Oauth2Provider, form: URLSearchParams, style: Style): Promise<AccessToken> {
  const body = new URLSearchParams(form);
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  if (style === "header")
    headers["authorization"] =
      `Basic ${Buffer.from(`${formEncode(provider.clientId)}:${formEncode(provider.clientSecret)}`).toString("base64")}`;
  else {
    body.set("client_id", provider.clientId);
    body.set("client_secret", provider.clientSecret);
  }
  const answer = await send(provider.endpoint.tokenUrl, {
    method: "POST",
    headers,
    body: body.toString(),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await readLimited(answer);
  const fields = readTokenAnswer(text, answer.headers.get("content-type") ?? "");
  if (fields.error) throw new Error(`oauth2: cannot fetch token: ${fields.error}`);
  if (!answer.ok) throw new Error(`oauth2: cannot fetch token: status ${answer.status}`);
  if (!fields.accessToken) throw new Error("oauth2: server response missing access_token");
  return { type: tokenType(fields.type), value: fields.accessToken };
}

const formEncode = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2);

interface TokenAnswer {
  readonly accessToken: string;
  readonly type: string;
  readonly error: string;
}

function readTokenAnswer(text: string, contentType: string): TokenAnswer {
  const kind = contentType.split(";", 1)[0]?.trim().toLowerCase();
  if (kind === "application/x-www-form-urlencoded" || kind === "text/plain") {
    const form = new URLSearchParams(text);
    return { accessToken: form.get("access_token") ?? "", type: form.get("token_type") ?? "", error: errorCode(form.get("error") ?? "") };
  }
  try {
    return {
      accessToken: textAtPath(text, "access_token"),
      type: textAtPath(text, "token_type"),
      error: errorCode(textAtPath(text, "error")),
    };
  } catch {
    return { accessToken: "", type: "", error: "" };
  }
}

/** Only what RFC 6749 allows in an error code gets out. */
function errorCode(text: string): string {
  return /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(text) ? text : text && "error";
}

function tokenType(type: string): string {
  return { "": "Bearer", bearer: "Bearer", mac: "MAC", basic: "Basic" }[type.toLowerCase()] ?? type;
}

async function requestOpenId(send: typeof fetch, provider: Oauth2Provider, token: AccessToken): Promise<string> {
  const headers = { authorization: `${token.type} ${token.value}`, accept: "application/json", "user-agent": "windfire" };
  const answer = await send(provider.userInfoUrl, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await readLimited(answer);
  if (!answer.ok) throw new Error(`oauth2: cannot fetch user info: status ${answer.status}`);
  try {
    return textAtPath(text, provider.userIdPath);
  } catch {
    throw new Error("oauth2: user info is not JSON");
  }
}

/** Whole answer as text; beyond 1 MiB reading stops. */
async function readLimited(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = answer.body;
  if (!body) return "";
  for await (const part of body) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new Error("oauth2: answer is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
