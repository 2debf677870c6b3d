import { connect, isIP } from "node:net";
import type { LookupFunction, Socket } from "node:net";
import type { Agent } from "undici";
import { OutboundError } from "./outbound-error.ts";
import type { Addresses } from "./target.ts";

/** A connection to one of the vetted addresses, the first that takes it. */
export async function openSocket(host: string, addresses: Addresses, port: number, signal: AbortSignal): Promise<Socket> {
  const to = isIP(host) === 0 ? { host, lookup: pinnedTo(addresses) } : { host: addresses[0]?.address ?? "" };
  const socket = connect({ ...to, port, noDelay: true, autoSelectFamily: true });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const abort = (): void => void socket.destroy(new OutboundError("stopped", "aborted"));
  signal.addEventListener("abort", abort, { once: true });
  socket.once("error", reject).once("connect", () => resolve(socket));
  if (signal.aborted) abort();
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.off("error", reject);
  }
}

/**
 * Connects to the vetted addresses only, whatever the name resolves to by then; TLS still checks the name. The client is loaded when it is
 * first needed, which is never where nothing is sent.
 */
export async function pinnedAgent(addresses: Addresses, options: { connectMs: number; verifyTls: boolean }): Promise<Agent> {
  const { Agent: PinnedAgent } = await import("undici");
  return new PinnedAgent({
    allowH2: false,
    connections: 1,
    pipelining: 0,
    connect: { lookup: pinnedTo(addresses), timeout: options.connectMs, rejectUnauthorized: options.verifyTls },
  });
}

/** Whatever a name resolves to by then. */
function pinnedTo(addresses: Addresses): LookupFunction {
  return (_host, wanted, callback) => {
    const [first] = addresses;
    if (wanted.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}
