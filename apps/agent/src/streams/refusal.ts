import { formatFileResponse, formatMcpFrame, parseStreamOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { Log } from "../log.ts";
import type { OpenIo } from "./io-stream.ts";

/** How long a browser may take to attach: a stream that ends before is gone, with the word that waits in it. */
const ATTACH_MS = 3000;

export interface RefusalDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Attaches to a stream only to say why there will be none, in the form that its other end understands; a tunnel has no
 * form for it and just ends. Nobody has to wait for a time-out.
 */
export function refuseStream({ type, data }: Task, text: string, openIo: OpenIo, { clock, log }: RefusalDeps): void {
  const streamId = type === TASK.mcpFsTransfer ? transferStreamOf(data) : parseStreamOrder(data)?.streamId;
  if (streamId === undefined) return log.warn(`a task of type ${type} without a stream is ignored`);
  const stream = openIo(streamId, { onData: () => undefined, onEnd: () => patience?.cancel() });
  const frame = refusalFrame(type, text);
  if (frame !== undefined) stream.send(frame);
  const patience = isForBrowser(type) ? clock.setTimeout(stream.end, ATTACH_MS) : undefined;
  if (patience === undefined) stream.end();
}

function isForBrowser(type: number): boolean {
  return type === TASK.terminal || type === TASK.fileManager;
}

function refusalFrame(type: number, text: string): Uint8Array | undefined {
  if (type === TASK.mcpFsTransfer) return formatMcpFrame({ kind: "error", text });
  if (type === TASK.fileManager) return formatFileResponse({ kind: "error", text });
  return type === TASK.terminal ? Buffer.from(`\r\n${text}\r\n`) : undefined;
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
