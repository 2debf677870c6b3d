import type { IncomingMessage } from "node:http";
import type { PostJson } from "../commands/enrol-command.ts";
import { responseTo } from "./response-to.ts";

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** The proxy of the environment is honoured. */
export const postJson: PostJson = async (address, body, isVerified) => {
  const url = new URL(address);
  const { request, Agent } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const { authorities } = await import("./authorities.ts");
  const tls = url.protocol === "https:" ? { ca: [...(await authorities())], rejectUnauthorized: isVerified } : {};
  const agent = new Agent({ proxyEnv: process.env, ...tls });
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text), "user-agent": "windfire-agent" };
  try {
    const call = request(url, { agent, method: "POST", headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    call.end(text);
    const response = await responseTo(call);
    return { status: response.statusCode ?? 0, text: await readText(response) };
  } finally {
    agent.destroy();
  }
};

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
