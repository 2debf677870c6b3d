/** The dashboard's REST interface as a script uses it. Paths are relative to `/api/v1`. */
export interface Api {
  readonly token: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
}

interface Envelope<T> {
  readonly success?: boolean;
  readonly data?: T;
  readonly error?: string;
}

/** Signs in. Every method throws with the dashboard's own text when it is refused. */
export async function createApi(base: string, credentials: { username: string; password: string }): Promise<Api> {
  const call = async <T>(method: string, path: string, body?: unknown, token?: string): Promise<T> => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const envelope = (await response.json()) as Envelope<T>;
    if (envelope.success !== true) throw new Error(`${method} ${path}: ${response.status} ${envelope.error ?? "no success"}`);
    return envelope.data as T;
  };
  const { token } = await call<{ token: string }>("POST", "/login", credentials);
  return {
    token,
    get: (path) => call("GET", path, undefined, token),
    post: (path, body) => call("POST", path, body, token),
    patch: (path, body) => call("PATCH", path, body, token),
  };
}
