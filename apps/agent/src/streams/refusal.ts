import { formatFileResponse, formatMcpFrame, parseStreamOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { Log } from "../log.ts";
import type { OpenIo } from "./io-stream.ts";

/** Refused streams that wait for their other end; more of them end at once. */
const MAX_WAITING = 64;
/** How long a browser, or the dashboard for a visitor, may take to attach: a stream that ends before is gone, with the word that waits in it. */
const ATTACH_MS = 3000;

export interface RefusalDeps {
  readonly clock: Clock;
  readonly log: Log;
}

export type RefuseStream = (task: Task, text: string, session: { readonly openIo: OpenIo }) => void;

/**
 * Attaches to a stream only to say why there will be none, in the form that its other end understands. Nobody has to
 * wait for a time-out.
 */
export function createStreamRefusal({ clock, log }: RefusalDeps): RefuseStream {
  let waiting = 0;
  return ({ type, data }, text, { openIo }) => {
    const streamId = type === TASK.mcpFsTransfer ? transferStreamOf(data) : parseStreamOrder(data)?.streamId;
    if (streamId === undefined) return log.warn(`a task of type ${type} without a stream is ignored`);
    const isPatient = hasToCome(type) && waiting < MAX_WAITING;
    if (isPatient) waiting++;
    const onEnd = (): void => {
      if (isPatient) waiting--;
      patience?.cancel();
    };
    const stream = openIo(streamId, { onData: () => undefined, onEnd });
    const frame = refusalFrame(type, text);
    if (frame !== undefined) stream.send(frame);
    const patience = isPatient ? clock.setTimeout(stream.end, ATTACH_MS) : undefined;
    if (!isPatient) stream.end();
  };
}

function hasToCome(type: number): boolean {
  return type === TASK.terminal || type === TASK.fileManager || type === TASK.nat;
}

function refusalFrame(type: number, text: string): Uint8Array | undefined {
  return type === TASK.nat ? tunnelRefusal(text) : endingFrame(type, text);
}

/** Why a stream of this kind of task ends, told to its other end; undefined for a tunnel, which may be in the midst of an answer. */
export function endingFrame(type: number, text: string): Uint8Array | undefined {
  if (type === TASK.mcpFsTransfer) return formatMcpFrame({ kind: "error", text });
  if (type === TASK.fileManager) return formatFileResponse({ kind: "error", text });
  return type === TASK.terminal ? Buffer.from(`\r\n${text}\r\n`) : undefined;
}

/** What a tunnel carries is HTTP, so a visitor is answered in it. Neither target nor any other address is named to him. */
export function tunnelRefusal(text: string): Uint8Array {
  const body = Buffer.from(`${text}\n`);
  const head = [
    "HTTP/1.1 502 Bad Gateway",
    "Content-Type: text/plain; charset=utf-8",
    "X-Content-Type-Options: nosniff",
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

function transferStreamOf(data: string): string | undefined {
  try {
    const request: unknown = JSON.parse(data);
    const id: unknown = typeof request === "object" && request !== null && "stream_id" in request ? request.stream_id : undefined;
    return typeof id === "string" && id !== "" ? id : undefined;
  } catch {
    return undefined;
  }
}
