import type { Clock } from "@windfire/kit";
import { faultText } from "../fault.ts";
import { resolveHost } from "./resolve.ts";
import type { LookUp } from "./resolve.ts";
import { failed } from "./task-kind.ts";
import type { RunTask, TaskOutcome } from "./task-kind.ts";
import type { InTurn } from "./turns.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_PORT = 65_535;

/** Opens a connection and closes it again. Rejects with why it could not be opened, or when the signal says so. */
export type Connect = (address: string, port: number, signal: AbortSignal) => Promise<void>;

export interface TcpPingDeps {
  readonly clock: Clock;
  readonly lookUp: LookUp;
  readonly connect: Connect;
  readonly inTurn: InTurn;
}

/** TCP probe (task 3): milliseconds to connect, without the time to resolve the name (spec 21 section 7). */
export function createTcpPing({ clock, lookUp, connect, inTurn }: TcpPingDeps): RunTask {
  return async ({ data }, { signal }): Promise<TaskOutcome> => {
    const target = parseTarget(data);
    if (typeof target === "string") return failed(target);
    const resolved = await resolveHost(target.host, lookUp);
    if ("error" in resolved) return failed(resolved.error);
    const measure = async (address: string): Promise<TaskOutcome> => {
      const limit = new AbortController();
      const timer = clock.setTimeout(() => limit.abort(), CONNECT_TIMEOUT_MS);
      const started = clock.monotonic();
      try {
        await connect(address, target.port, AbortSignal.any([signal, limit.signal]));
        return { successful: true, delay: clock.monotonic() - started };
      } catch (error) {
        return failed(`dial tcp ${data}: ${limit.signal.aborted ? "i/o timeout" : faultText(error)}`);
      } finally {
        timer.cancel();
      }
    };
    return inTurn(() => measure(resolved.address));
  };
}

/** `host:port`, an IPv6 address in brackets. A text says what is wrong. */
export function parseTarget(data: string): { readonly host: string; readonly port: number } | string {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(data);
  if (match === null)
    return data.includes(":") && !data.startsWith("[")
      ? `address ${data}: too many colons in address`
      : `address ${data}: missing port in address`;
  const host = match[1] ?? match[2] ?? "";
  const port = /^\d{1,5}$/.test(match[3] ?? "") ? Number(match[3]) : -1;
  if (port < 0 || port > MAX_PORT) return `address ${match[3]}: invalid port`;
  return host === "" ? `address ${data}: missing host` : { host, port };
}
