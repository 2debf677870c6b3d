import { ApiFailure } from "./api-error.ts";
import { CONFIRM_IT_IS_YOU } from "./confirmations.ts";

const BASE = "/api/v1";
/** Cookie and header of the CSRF pair (spec 10 section 7). */
const CSRF_COOKIE = "nz-csrf";
const CSRF_HEADER = "X-CSRF-Token";
const UNAUTHORIZED = "ApiErrorUnauthorized";
const READ_TRIES = 3;
const FIRST_PAUSE_MS = 400;

export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Typed calls of the REST interface. Every answer is unwrapped from its envelope; failures are `ApiFailure`. Reads are tried three times
 * when the dashboard cannot be reached, writes once. The type argument is what the route promises (packages/api).
 */
export interface ApiClient {
  get<T>(path: string, options?: { query?: Query; signal?: AbortSignal }): Promise<T>;
  post<T = null>(path: string, body?: unknown): Promise<T>;
  patch<T = null>(path: string, body: unknown): Promise<T>;
  remove<T = null>(path: string): Promise<T>;
  /** Sends a file as it is; the browser reads it while it goes out. */
  upload<T = null>(path: string, file: Blob): Promise<T>;
}

export interface ApiClientDeps {
  readonly fetch: typeof fetch;
  /** `document.cookie` */
  readonly cookies: () => string;
  readonly pause: (ms: number) => Promise<void>;
  /** Added to every call. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Told after every answered call, so that the session can be kept alive. */
  readonly onAnswer?: () => void;
  /** Asked when the user has to prove again who they are; `true`: they have, and the request is sent again. */
  readonly confirm?: () => Promise<boolean>;
}

export function createApiClient(deps: ApiClientDeps): ApiClient {
  const sendOnce = async <T>(method: string, path: string, init: RequestInit): Promise<T> => {
    const headers = new Headers(init.headers);
    headers.set("Accept", "application/json");
    for (const [name, value] of Object.entries(deps.headers?.() ?? {})) headers.set(name, value);
    const csrf = readCookie(deps.cookies(), CSRF_COOKIE);
    if (method !== "GET" && csrf !== undefined) headers.set(CSRF_HEADER, csrf);
    const response = await reach(deps.fetch, BASE + path, { ...init, method, headers, credentials: "same-origin" });
    const data = await unwrap(response);
    deps.onAnswer?.();
    return data as T;
  };
  const send = async <T>(method: string, path: string, init: RequestInit): Promise<T> => {
    try {
      return await sendOnce<T>(method, path, init);
    } catch (error) {
      const asked = error instanceof ApiFailure && error.message === CONFIRM_IT_IS_YOU;
      if (!asked || (await deps.confirm?.()) !== true) throw error;
      return sendOnce<T>(method, path, init);
    }
  };
  const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
    send<T>(method, path, body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  return {
    async get<T>(path: string, options: { query?: Query; signal?: AbortSignal } = {}) {
      const init: RequestInit = options.signal === undefined ? {} : { signal: options.signal };
      for (let tries = 1; ; tries += 1) {
        try {
          return await send<T>("GET", path + queryText(options.query), init);
        } catch (error) {
          const again = error instanceof ApiFailure && error.kind === "unreachable" && tries < READ_TRIES;
          if (!again || options.signal?.aborted === true) throw error;
          await deps.pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
        }
      }
    },
    post: (path, body) => write("POST", path, body),
    patch: (path, body) => write("PATCH", path, body),
    remove: (path) => write("DELETE", path, undefined),
    upload: (path, file) => send("POST", path, { body: file, headers: { "Content-Type": "application/octet-stream" } }),
  };
}

/** Value of a cookie in a `document.cookie` text. */
export function readCookie(cookies: string, name: string): string | undefined {
  const found = cookies.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  const value = found?.slice(name.length + 1);
  return value === "" ? undefined : value;
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) parameters.set(key, String(value));
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

async function reach(request: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await request(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiFailure("unreachable", error instanceof Error ? error.message : String(error));
  }
}

/** Both dashboards' ways of saying yes and no: `success`, `error`, and HTTP status (spec 11 section 0.1). */
async function unwrap(response: Response): Promise<unknown> {
  const body = await readJson(response);
  const message = errorOf(body);
  if (message !== undefined) throw new ApiFailure(kindOf(response.status, message), message);
  if (response.ok) return fieldOf(body, "data") ?? null;
  const kind = response.status >= 502 && response.status <= 504 ? "unreachable" : kindOf(response.status, "");
  throw new ApiFailure(kind, `HTTP ${response.status}`);
}

function kindOf(status: number, message: string) {
  if (status === 401 || message.startsWith(UNAUTHORIZED)) return "signed-out";
  if (status === 403 || message.startsWith("ApiErrorForbidden")) return "forbidden";
  return status >= 500 ? "broken" : "refused";
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return null;
    throw new ApiFailure("broken", "The answer is not JSON");
  }
}

function fieldOf(body: unknown, key: string): unknown {
  return typeof body === "object" && body !== null ? Reflect.get(body, key) : undefined;
}

function errorOf(body: unknown): string | undefined {
  const error = fieldOf(body, "error");
  return typeof error === "string" && error !== "" ? error : undefined;
}
