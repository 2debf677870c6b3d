import { Agent as HttpAgent, request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { systemCode } from "@windfire/kit";
import type { VictoriaAddress } from "./address.ts";

export interface VictoriaCall {
  readonly path: string;
  /** In the address, or where there is no body in a form. */
  readonly params: Readonly<Record<string, string>>;
  /** Compressed with gzip. */
  readonly body?: Uint8Array;
  readonly deadlineMs: number;
  /** Bytes of the answer past which it is given up. */
  readonly mostBytes: number;
}

/** Why there is no answer. The text names the place and never the credentials. */
export class VictoriaError extends Error {
  override readonly name = "VictoriaError";
  /** Status of an answer that is none of success. */
  readonly status: number | undefined;
  /** Nobody answered: it cannot be reached, or says nothing in time. */
  readonly isUnanswered: boolean;

  constructor(message: string, options: { readonly status?: number; readonly isUnanswered?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.isUnanswered = options.isUnanswered === true;
  }
}

export interface VictoriaClient {
  /** Bytes of a successful answer. @throws VictoriaError */
  call(call: VictoriaCall): Promise<Buffer>;
  close(): void;
}

/** Bytes of an error's text that are shown. */
const SHOWN_BYTES = 300;

/** @param connections so many calls run at once, others wait within their deadline */
export function createVictoriaClient({ url, authorization }: VictoriaAddress, connections: number): VictoriaClient {
  const isSecure = url.startsWith("https:");
  const options = { keepAlive: true, maxSockets: connections };
  const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  const send = isSecure ? requestHttps : requestHttp;

  const answer = async ({ path, params, body, mostBytes }: VictoriaCall, signal: AbortSignal): Promise<Buffer> => {
    const query = new URLSearchParams(params).toString();
    const payload = body ?? Buffer.from(query);
    const headers: Record<string, string> = {
      "content-length": `${payload.byteLength}`,
      ...(body === undefined ? { "content-type": "application/x-www-form-urlencoded" } : { "content-encoding": "gzip" }),
      ...(authorization === "" ? {} : { authorization }),
    };
    const target = body === undefined ? `${url}${path}` : `${url}${path}?${query}`;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(target, { method: "POST", agent, headers, signal }, resolve);
      request.on("error", reject);
      request.end(payload);
    });
    const { statusCode = 0 } = response;
    const isGood = statusCode >= 200 && statusCode < 300;
    const bytes = await bytesOf(response, isGood ? mostBytes : SHOWN_BYTES, isGood);
    if (isGood) return bytes;
    throw new VictoriaError(`VictoriaMetrics at ${url} answered ${statusCode}${said(bytes)}${remedyOf(statusCode)}`, {
      status: statusCode,
    });
  };
  return {
    call: async (call) => {
      const signal = AbortSignal.timeout(Math.ceil(call.deadlineMs));
      try {
        return await answer(call, signal);
      } catch (error) {
        if (error instanceof VictoriaError) throw error;
        if (error instanceof RangeError) throw new VictoriaError(`VictoriaMetrics at ${url}: ${error.message}`);
        const reason = signal.aborted ? `no answer within ${Math.round(call.deadlineMs / 1_000)} s` : reasonOf(error);
        throw new VictoriaError(`VictoriaMetrics at ${url} cannot be reached: ${reason}`, { isUnanswered: true, cause: error });
      }
    },
    close: () => agent.destroy(),
  };
}

async function bytesOf(response: IncomingMessage, most: number, isWhole: boolean): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.byteLength;
    if (length <= most) continue;
    response.destroy();
    if (isWhole) throw new RangeError(`an answer of more than ${most} bytes`);
    break;
  }
  return Buffer.concat(pieces);
}

/** Who is not let in is told where that is set. */
function remedyOf(status: number): string {
  return status === 401 || status === 403 ? " (look at user and password in history:, or at history_token:)" : "";
}

function said(bytes: Buffer): string {
  const text = bytes.subarray(0, SHOWN_BYTES).toString("utf8").replaceAll(/\s+/g, " ").trim();
  return text === "" ? "" : `: ${text}`;
}

function reasonOf(error: unknown): string {
  return systemCode(error) ?? (error instanceof Error ? error.message : String(error));
}
