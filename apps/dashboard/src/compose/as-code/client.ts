/** The API of a dashboard, for somebody with an access token. */
export interface ApiClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  patch(path: string, body: unknown): Promise<unknown>;
}

const PATIENCE_MS = 60_000;

/** @param url such as `http://127.0.0.1:8008` */
export function createApiClient(url: string, token: string): ApiClient {
  const base = `${url.endsWith("/") ? url.slice(0, -1) : url}/api/v1`;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: "error",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Error(`no answer from ${url}: ${cause}`, { cause: error });
    });
    const text = await response.text();
    const answer = text.startsWith("{") ? (JSON.parse(text) as { success?: unknown; data?: unknown; error?: unknown }) : {};
    if (answer.success !== true) throw new Error(`${method} ${path}: ${typeof answer.error === "string" ? answer.error : response.status}`);
    return answer.data;
  };
  return {
    get: (path) => ask("GET", path),
    post: (path, body) => ask("POST", path, body),
    patch: (path, body) => ask("PATCH", path, body),
  };
}
