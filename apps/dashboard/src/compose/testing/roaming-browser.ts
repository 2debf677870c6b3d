import type { TestReplica } from "./replica-set.ts";

export interface RoamingAnswer {
  readonly status: number;
  /** "" where there is none. */
  readonly error: string;
  readonly data: unknown;
  readonly text: string;
  readonly headers: Headers;
}

/** Somebody behind a TCP balancer: each request comes to another dashboard than the one before. */
export interface RoamingBrowser {
  /** In the path's own words; `/api/v1` is put before those of the API. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RoamingAnswer>;
  /** The same, by its `data`. @throws with its error */
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** Cookies that it has, by name. */
  readonly cookies: Map<string, string>;
  /** The dashboard that the next request comes to. */
  next(): TestReplica;
  /** The headers that it sends with a request, cookies and all. */
  headers(): Record<string, string>;
}

const OUTSIDE_API = /^\/(mcp|status)(\/|$)/;

/** @param ip the client's address, as the configured header tells it */
export function createRoamingBrowser(replicas: readonly TestReplica[], ip: string): RoamingBrowser {
  const cookies = new Map<string, string>();
  let turn = 0;
  const next = (): TestReplica => replicas[turn % replicas.length] ?? raise("there are no dashboards");
  const headers = (): Record<string, string> => ({
    "x-real-ip": ip,
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    "x-csrf-token": cookies.get("nz-csrf") ?? "",
  });
  const keep = (line: string): void => {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  };
  const send: RoamingBrowser["send"] = async (method, path, body, more = {}) => {
    const { base } = next();
    turn++;
    const isForm = body instanceof URLSearchParams || body instanceof Uint8Array;
    const response = await fetch(base + (OUTSIDE_API.test(path) ? "" : "/api/v1") + path, {
      method,
      redirect: "manual",
      headers: { ...headers(), ...(body === undefined || isForm ? {} : { "content-type": "application/json" }), ...more },
      ...(body === undefined ? {} : { body: isForm ? (body as URLSearchParams) : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) keep(line);
    const text = await response.text();
    const answer = (text.startsWith("{") ? JSON.parse(text) : {}) as { readonly error?: string; readonly data?: unknown };
    return { status: response.status, error: answer.error ?? "", data: answer.data, text, headers: response.headers };
  };
  return {
    send,
    async call<T>(method: string, path: string, body?: unknown, more?: Readonly<Record<string, string>>) {
      const { data, error, status } = await send(method, path, body, more);
      if (error !== "") throw new Error(`${method} ${path}: ${error} (${status})`);
      return data as T;
    },
    cookies,
    next,
    headers,
  };
}

function raise(text: string): never {
  throw new Error(text);
}
