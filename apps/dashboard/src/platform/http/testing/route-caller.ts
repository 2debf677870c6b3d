import { AppError } from "#kernel";
import type { Caller } from "#kernel";
import { createCompressor } from "#platform/compression";
import { createBodyBudgets } from "../body-bytes.ts";
import { bodyParser, textParser } from "../input.ts";
import { FileParts, JsonBytes, JsonParts, JsonText, LentAnswer } from "../json-text.ts";
import type { AnyRoute } from "../route.ts";

/** Limits of an application under test that is not about limits. */
export const testLimits = {
  limits: {
    bodyBytes: 100_000,
    openBodyBytes: 16_384,
    json: { depth: 32, values: 50_000, valuesWithDecimals: 10_000 },
    openSockets: { total: 1_000, perHolder: 500 },
    pageSize: 500,
  },
  compressor: createCompressor({ cacheBytes: 2 ** 20, waitingBytes: 8 * 2 ** 20 }),
  budgets: createBodyBudgets({ totalBytes: 64 * 2 ** 20, strangerBytes: 16 * 2 ** 20 }),
};

/** What a route answers, as the envelope would carry it. */
export type Answer = { readonly data: unknown } | { readonly error: string };

/** Calls `PATCH /cron/3`, `GET /cron?id=1`, `GET http://nz.example.com/cron` and the like as somebody. */
export type RouteCaller = (caller: Caller, request: string, body?: unknown) => Promise<Answer>;

/**
 * Calls routes without a server: parameters, query and body go through the route's schemas, and so does the answer. Access rules are not
 * looked at: the caller is who the gate would have let in.
 */
export function createRouteCaller(routes: readonly AnyRoute[]): RouteCaller {
  return async (caller, request, body) => {
    const [method = "", url = ""] = request.split(" ");
    const { host, pathname, searchParams } = new URL(url, "http://localhost");
    const { route, params } = find(routes, method, pathname);
    const parseBody = bodyParser(route.body, { form: false, limits: testLimits.limits.json });
    const visit = {
      method,
      path: pathname,
      query: searchParams,
      headers: { host },
      cookies: {},
      peer: "127.0.0.1",
      secure: false,
    };
    try {
      const target = { caller, params: textParser(route.params)(params) };
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const result = await route.run({
        ...target,
        query: textParser(route.query)(Object.fromEntries(searchParams)),
        body: await parseBody(bytes, "application/json", route.stored && (() => route.stored?.(target))),
        ip: "127.0.0.1",
        visit,
        waitedMs: 0,
        signal: new AbortController().signal,
        upload: (async function* () {})(),
        setCookie: () => undefined,
      });
      if (result instanceof FileParts) return { data: result };
      const data = await dataOf(result);
      return { data: route.data.parse(data) };
    } catch (error) {
      if (error instanceof AppError) return { error: textOf(error) };
      throw error;
    }
  };
}

async function dataOf(result: unknown): Promise<unknown> {
  if (result instanceof JsonText) return JSON.parse(result.text);
  if (result instanceof JsonBytes) return (JSON.parse(String(result.enveloped())) as { data: unknown }).data;
  if (result instanceof LentAnswer) return (JSON.parse(Buffer.from(result.loan.bytes).toString()) as { data: unknown }).data;
  if (!(result instanceof JsonParts)) return result;
  let text = "";
  for await (const part of result.parts) text += part;
  return JSON.parse(text);
}

function find(routes: readonly AnyRoute[], method: string, path: string): { route: AnyRoute; params: Record<string, string> } {
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { route, params: { ...match.groups } };
  }
  throw new Error(`no route ${method} ${path}`);
}

function textOf(error: AppError): string {
  const args = [...error.args];
  return error.translate ? error.messageId.replaceAll(/%[dsv]/g, () => String(args.shift())) : error.messageId;
}
