import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { McpFrame } from "@windfire/protocol";
import { badGateway, NOT_ATTACHED } from "./agent-stream.ts";
import type { AgentStream } from "./agent-stream.ts";
import { sameDigest } from "./download.ts";

/** Answer to an upload that has arrived. */
export interface Uploaded {
  readonly size: number;
  readonly sha256: string;
}

/**
 * Passes a request's body on to an agent that has opened its stream (spec 40 section 12.8). Body and stream stay the caller's to close.
 *
 * @throws {McpFailure} with the status to answer
 */
export async function sendFile(stream: AgentStream, body: Readable, size: number): Promise<Uploaded> {
  await awaitReady(stream, size);
  const { digest, fault } = await relay(stream, body, size);
  if (fault !== undefined && !stream.pending) throw badGateway("agent_error", `stream relay failed: ${fault}`);
  const done = finalFrame(await stream.next());
  if (fault !== undefined) throw badGateway("agent_error", `stream relay failed: ${fault}`);
  if (done.size !== size) throw badGateway("agent_error", "upload final frame: declared size does not match streamed bytes");
  if (!sameDigest(done.sha256, digest))
    throw badGateway("agent_error", "upload final frame: declared sha256 does not match streamed bytes");
  return { size: done.size, sha256: Buffer.from(done.sha256).toString("hex") };
}

async function awaitReady(stream: AgentStream, size: number): Promise<void> {
  const frame = await stream.next();
  if ("fault" in frame)
    throw frame.fault === NOT_ATTACHED
      ? badGateway("agent_timeout", NOT_ATTACHED)
      : badGateway("agent_timeout", `agent did not return upload ready frame: ${frame.fault}`);
  if (frame.kind === "error") throw badGateway("agent_error", frame.text);
  if (frame.kind !== "upload-ready") throw badGateway("agent_error", "agent returned unexpected header magic");
  if (frame.size !== size) throw badGateway("agent_error", "agent acknowledged unexpected size");
}

/** Stops early when the agent has something to say: that is an error, and better told than "stream closed". */
async function relay(stream: AgentStream, body: Readable, size: number): Promise<{ digest: Uint8Array; fault: string | undefined }> {
  const hash = createHash("sha256");
  let sent = 0;
  let fault: string | undefined;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      if (sent > size) fault = "more bytes than Content-Length";
      else if (stream.pending || !(await stream.write(chunk))) fault = "the agent has ended the stream";
      if (fault !== undefined) break;
      hash.update(chunk);
    }
  } catch {
    fault = "unexpected EOF";
  }
  if (sent < size) fault ??= "unexpected EOF";
  return { digest: hash.digest(), fault };
}

function finalFrame(frame: McpFrame | { readonly fault: string }): McpFrame & { readonly kind: "done" } {
  if ("fault" in frame) throw badGateway("agent_timeout", `agent did not acknowledge upload: ${frame.fault}`);
  if (frame.kind === "error") throw badGateway("agent_error", frame.text);
  if (frame.kind !== "done") throw badGateway("agent_error", "agent returned unexpected final magic");
  return frame;
}
