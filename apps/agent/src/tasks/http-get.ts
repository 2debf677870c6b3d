import { failed } from "./task-kind.ts";
import type { RunTask, TaskOutcome } from "./task-kind.ts";

/** What a GET came to: its status and, over TLS, the server's certificate. */
export interface GetAnswer {
  readonly status: number;
  readonly reason: string;
  /** From the start to the end of the body. */
  readonly milliseconds: number;
  readonly certificate: { readonly issuer: string; readonly notAfter: Date } | undefined;
}

/** One GET that follows no redirect and reads the whole body. Rejects with why there is no answer. */
export type Get = (
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<GetAnswer>;

const TIMEOUT_MS = 30_000;

export const PROBE_HEADERS = {
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8",
  "Accept-Language": "en,zh-CN;q=0.9,zh;q=0.8",
  "User-Agent": "nezha-agent/1.0",
};

/** HTTP probe (task 1): 200 to 399 is success; over TLS the data names issuer and end of the certificate (spec 21 section 7). */
export function createHttpGet(get: Get): RunTask {
  return async ({ data }, { signal }): Promise<TaskOutcome> => {
    const url = webUrl(data);
    if (url === undefined) return failed("invalid URL: only http and https schemes are supported");
    try {
      return outcomeOf(await get(url, { headers: PROBE_HEADERS, timeoutMs: TIMEOUT_MS, signal }));
    } catch (error) {
      return failed(`Get "${data}": ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

export function outcomeOf({ status, reason, milliseconds, certificate }: GetAnswer): TaskOutcome {
  const delay = Math.round(milliseconds * 1000) / 1000;
  if (status < 200 || status > 399) return { delay, data: `\n应用错误: ${status} ${reason}` };
  return {
    delay,
    successful: true,
    data: certificate === undefined ? "" : `${certificate.issuer}|${certificateTime(certificate.notAfter)}`,
  };
}

/** `2006-01-02 15:04:05 +0000 UTC` (spec 20 section 6.4). */
function certificateTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
}

function webUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && ["http:", "https:"].includes(url.protocol) ? url : undefined;
}
