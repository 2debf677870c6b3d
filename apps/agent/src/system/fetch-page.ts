import type { FetchPage } from "../collect/index.ts";

const TIMEOUT_MS = 20_000;
const MAX_BODY_CHARACTERS = 64 * 1024;

/** One GET over one family; the proxy of the environment is honoured. */
export const fetchPage: FetchPage = async (url, family) => {
  const { request, Agent } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  const agent = new Agent({ proxyEnv: process.env });
  try {
    return await new Promise<string>((resolve, reject) => {
      const call = request(url, { agent, family, headers: { "User-Agent": "nezha-agent/1.0" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
      call.once("error", reject);
      call.once("response", (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body += text;
          if (body.length > MAX_BODY_CHARACTERS) call.destroy(new Error("the page is too large"));
        });
        response.once("error", reject);
        response.once("end", () => resolve(body));
      });
      call.end();
    });
  } finally {
    agent.destroy();
  }
};
