import { formatMcpFrame } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { Log } from "../log.ts";
import type { OpenIo } from "./io-stream.ts";

/** Attaches to the stream of an MCP file transfer only to say why there will be none (spec 21 section 12.4). */
export function refuseTransfer({ data }: Task, text: string, openIo: OpenIo, log: Log): void {
  const streamId = streamIdOf(data);
  if (streamId === undefined) return log.warn("a file transfer without a stream is ignored");
  const stream = openIo(streamId, { onData: () => undefined, onEnd: () => undefined });
  stream.send(formatMcpFrame({ kind: "error", text }));
  stream.end();
}

function streamIdOf(data: string): string | undefined {
  try {
    const request: unknown = JSON.parse(data);
    const id: unknown = typeof request === "object" && request !== null && "stream_id" in request ? request.stream_id : undefined;
    return typeof id === "string" && id !== "" ? id : undefined;
  } catch {
    return undefined;
  }
}
