import type { ClientRequest, IncomingMessage } from "node:http";
import type { SecureContext, TLSSocket } from "node:tls";
import type { Get, GetAnswer } from "../tasks/http-get.ts";
import type { LookUp } from "../tasks/resolve.ts";
import type { InTurn } from "../tasks/turns.ts";
import { authorities } from "./authorities.ts";
import { responseTo } from "./response-to.ts";

const NANOSECONDS_PER_MS = 1e6;
const SWITCHING_PROTOCOLS = 101;

/**
 * A GET over a connection of its own. Plain HTTP goes through the proxy of the environment, TLS never does. Modules and
 * certificates are loaded before the turn comes, so that the time is that of the network.
 */
export function createGet(lookUp: LookUp, inTurn: InTurn): Get {
  return async (url, { headers, timeoutMs, signal }) => {
    const isTls = url.protocol === "https:";
    const { request, Agent } = isTls ? await import("node:https") : await import("node:http");
    const agent = new Agent(isTls ? { secureContext: await trustedContext() } : { proxyEnv: process.env });
    try {
      return await inTurn(() => {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        return measure(() => request(url, { agent, headers, signal: limit, lookup: lookupWith(lookUp) }), limit);
      });
    } finally {
      agent.destroy();
    }
  };
}

/** From the start of the request to the end of the answer's body. */
async function measure(start: () => ClientRequest, limit: AbortSignal): Promise<GetAnswer> {
  const startedAt = process.hrtime.bigint();
  const milliseconds = (): number => Number(process.hrtime.bigint() - startedAt) / NANOSECONDS_PER_MS;
  try {
    const call = start();
    const switched = protocolSwitch(call);
    call.end();
    const response = await Promise.race([responseTo(call), switched]);
    const certificate = certificateOf(response);
    if (response.statusCode !== SWITCHING_PROTOCOLS) await readToEnd(response);
    return { status: response.statusCode ?? 0, reason: response.statusMessage ?? "", milliseconds: milliseconds(), certificate };
  } catch (error) {
    throw limit.aborted ? new Error("context deadline exceeded: timeout") : error;
  }
}

/** What nobody asked for is an answer all the same; nothing follows it. */
function protocolSwitch(call: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => {
    call.once("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response);
    });
  });
}

function readToEnd(response: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once("error", reject).once("end", resolve);
    response.resume();
  });
}

let context: SecureContext | undefined;

/** Reading all authorities takes longer than many a probe: once is enough. */
async function trustedContext(): Promise<SecureContext> {
  const { createSecureContext } = await import("node:tls");
  context ??= createSecureContext({ ca: [...(await authorities())] });
  return context;
}

type AddressCallback = (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void;

function lookupWith(lookUp: LookUp) {
  return (host: string, options: { readonly all?: boolean | undefined }, done: AddressCallback): void => {
    lookUp(host).then(
      (address) => {
        const family = address.includes(":") ? 6 : 4;
        if (options.all === true) done(null, [{ address, family }]);
        else done(null, address, family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
}

function certificateOf(response: IncomingMessage): GetAnswer["certificate"] {
  const { socket } = response;
  if (!isTlsSocket(socket)) return undefined;
  const { issuer, valid_to: validTo } = socket.getPeerCertificate();
  const notAfter = new Date(validTo);
  if (Number.isNaN(notAfter.getTime())) return undefined;
  return { issuer: String(issuer?.CN ?? ""), notAfter };
}

function isTlsSocket(socket: IncomingMessage["socket"]): socket is TLSSocket {
  return "getPeerCertificate" in socket;
}
