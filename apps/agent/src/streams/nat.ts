import { connect, isIP } from "node:net";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { parseNatOrder } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import { isPermittedTarget } from "../gate/index.ts";
import type { LookUp } from "../tasks/resolve.ts";
import { parseTarget } from "../tasks/tcp-ping.ts";
import type { RunTask } from "../tasks/task-kind.ts";
import { createIoPipe } from "./io-pipe.ts";
import type { IoPipe } from "./io-pipe.ts";
import { tunnelRefusal } from "./refusal.ts";

export interface NatDeps {
  readonly clock: Clock;
  readonly lookUp: LookUp;
}

const FRAME_BYTES = 10_240;
/** Read ahead of the dashboard, in bytes. */
const AHEAD_BYTES = 256 * 1024;
/** How long the other end may still send after the backend is done. */
const FAREWELL_MS = 30_000;
const NOT_PERMITTED = "This host does not permit a tunnel to its target. Its owner can: windfire agent permit nat <host:port>";

/**
 * Tunnel (task 9): bytes between the dashboard and a TCP address on this side (spec 21 section 11). The end of the backend
 * is told by ending our side, without the text that the reference sends for it.
 */
export function createNat({ clock, lookUp }: NatDeps): RunTask {
  return async ({ data }, { openIo, session, only, noteRefusal }) => {
    const order = parseNatOrder(data);
    if (order === undefined) return undefined;
    const pipe = createIoPipe(openIo, order.streamId);
    const backend = await dial(order.host, { lookUp, only, noteRefusal, signal: AbortSignal.any([session, pipe.over]) });
    if (backend === undefined || backend === "refused") {
      if (backend === "refused") await pipe.send(tunnelRefusal(NOT_PERMITTED));
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
  readonly noteRefusal: (what: string) => void;
  readonly signal: AbortSignal;
}

async function dial(host: string, { lookUp, only, noteRefusal, signal }: DialOptions): Promise<Socket | "refused" | undefined> {
  const target = parseTarget(host);
  if (typeof target === "string") return undefined;
  try {
    const address = isIP(target.host) === 0 ? await lookUp(target.host) : target.host;
    if (only !== undefined && !isPermittedTarget(only, target, address)) {
      noteRefusal(`nat to ${host}`);
      return "refused";
    }
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
    await everythingRead();
    if (backend.destroyed) continue;
    if (!backend.write(bytes)) await drained(backend);
  }
  backend.destroy();
}

/**
 * A round of the event loop, in which what the backend has said is read: one that answers early and breaks off takes no more, and a write
 * would end its connection with the answer unread.
 */
async function everythingRead(): Promise<void> {
  await setImmediate();
  await setImmediate();
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
  for await (const chunk of arrivals(backend)) {
    for (let at = 0; at < chunk.length; at += FRAME_BYTES) {
      if (!(await pipe.send(chunk.subarray(at, at + FRAME_BYTES)))) return pipe.cancel();
    }
  }
  pipe.end();
  const timer = clock.setTimeout(pipe.cancel, FAREWELL_MS);
  pipe.over.addEventListener("abort", () => timer.cancel(), { once: true });
  if (pipe.over.aborted) timer.cancel();
}

/** What a socket brings until it ends or breaks off; unlike reading the stream itself, a break takes nothing away that came before it. */
async function* arrivals(socket: Socket): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  let ahead = 0;
  let over = socket.destroyed;
  let wake: () => void = () => undefined;
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    ahead += chunk.length;
    if (ahead > AHEAD_BYTES) socket.pause();
    wake();
  });
  const end = (): void => {
    over = true;
    wake();
  };
  socket.once("end", end).once("close", end);
  while (chunks.length > 0 || !over) {
    const chunk = chunks.shift();
    if (chunk === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    ahead -= chunk.length;
    if (ahead <= AHEAD_BYTES) socket.resume();
    yield chunk;
  }
}
