import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Get, GetAnswer } from "../tasks/http-get.ts";
import type { LookUp } from "../tasks/resolve.ts";
import { authorities } from "./authorities.ts";

/** A GET over a connection of its own. Plain HTTP goes through the proxy of the environment, TLS never does. */
export function createGet(lookUp: LookUp): Get {
  return async (url, { headers, timeoutMs, signal }) => {
    const isTls = url.protocol === "https:";
    const { request, Agent } = isTls ? await import("node:https") : await import("node:http");
    const agent = new Agent(isTls ? { ca: [...(await authorities())] } : { proxyEnv: process.env });
    const started = performance.now();
    try {
      return await new Promise<GetAnswer>((resolve, reject) => {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const call = request(url, { agent, headers, signal: limit, lookup: lookupWith(lookUp) });
        call.once("error", (error) => reject(limit.aborted ? new Error("context deadline exceeded: timeout") : error));
        call.once("response", (response) => {
          const certificate = certificateOf(response);
          response.once("error", reject);
          response.once("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? "",
              milliseconds: performance.now() - started,
              certificate,
            }),
          );
          response.resume();
        });
        call.end();
      });
    } finally {
      agent.destroy();
    }
  };
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
