import { connect, isIP } from "node:net";
import type { Socket } from "node:net";
import { parseNatOrder } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import { isPermittedTarget } from "../gate/index.ts";
import type { LookUp } from "../tasks/resolve.ts";
import { parseTarget } from "../tasks/tcp-ping.ts";
import type { RunTask } from "../tasks/task-kind.ts";
import { createIoPipe } from "./io-pipe.ts";
import type { IoPipe } from "./io-pipe.ts";

export interface NatDeps {
  readonly clock: Clock;
  readonly lookUp: LookUp;
}

const FRAME_BYTES = 10_240;
/** How long the other end may still send after the backend is done. */
const FAREWELL_MS = 30_000;

/**
 * Tunnel (task 9): bytes between the dashboard and a TCP address on this side (spec 21 section 11). The end of the backend
 * is told by ending our side, without the text that the reference sends for it.
 */
export function createNat({ clock, lookUp }: NatDeps): RunTask {
  return async ({ data }, { openIo, session, only }) => {
    const order = parseNatOrder(data);
    if (order === undefined) return undefined;
    const pipe = createIoPipe(openIo, order.streamId);
    const backend = await dial(order.host, { lookUp, only, signal: AbortSignal.any([session, pipe.over]) });
    if (backend === undefined) {
      pipe.end();
      return undefined;
    }
    await Promise.all([toBackend(pipe, backend), toDashboard(pipe, backend, clock)]);
    return undefined;
  };
}

interface DialOptions {
  readonly lookUp: LookUp;
  readonly only: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

async function dial(host: string, { lookUp, only, signal }: DialOptions): Promise<Socket | undefined> {
  const target = parseTarget(host);
  if (typeof target === "string") return undefined;
  try {
    const address = isIP(target.host) === 0 ? await lookUp(target.host) : target.host;
    if (only !== undefined && !isPermittedTarget(only, target, address)) return undefined;
    const socket = connect({ host: address, port: target.port, allowHalfOpen: true, noDelay: true, signal });
    socket.on("error", () => undefined);
    return await new Promise((resolve) => {
      socket.once("connect", () => resolve(socket));
      socket.once("close", () => resolve(undefined));
    });
  } catch {
    return undefined;
  }
}

async function toBackend(pipe: IoPipe, backend: Socket): Promise<void> {
  for (let bytes = await pipe.next(); bytes !== undefined; bytes = await pipe.next()) {
    if (backend.destroyed) continue;
    if (!backend.write(bytes)) await drained(backend);
  }
  backend.destroy();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.once("drain", done).once("close", done);
  });
}

async function toDashboard(pipe: IoPipe, backend: Socket, clock: Clock): Promise<void> {
  try {
    for await (const chunk of backend as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += FRAME_BYTES) {
        if (!(await pipe.send(chunk.subarray(at, at + FRAME_BYTES)))) return pipe.cancel();
      }
    }
  } catch {
    // A backend that breaks off is done, like one that ends.
  }
  pipe.end();
  const timer = clock.setTimeout(pipe.cancel, FAREWELL_MS);
  pipe.over.addEventListener("abort", () => timer.cancel(), { once: true });
  if (pipe.over.aborted) timer.cancel();
}
