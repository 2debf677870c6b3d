import { createHash } from "node:crypto";
import { Writable } from "node:stream";
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

const AGENT_ENDED = "the agent has ended the stream";
const CUT_SHORT = "unexpected EOF";

/**
 * Passes the body on, as fast as the agent takes it. Stops early when the agent has something to say, even while the client is silent:
 * that is an error, and better told than waited for.
 */
async function relay(stream: AgentStream, body: Readable, size: number): Promise<{ digest: Uint8Array; fault: string | undefined }> {
  const hash = createHash("sha256");
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  let sent = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      if (sent > size) return done(new Error("more bytes than Content-Length"));
      hash.update(chunk);
      stream.write(chunk).then((open) => done(open ? null : new Error(AGENT_ENDED)), done);
      return undefined;
    },
  });
  sink.once("finish", () => resolve(sent === size ? undefined : CUT_SHORT));
  sink.once("error", ({ message }) => resolve(message));
  body.once("error", () => resolve(CUT_SHORT));
  body.once("close", () => {
    if (!body.readableEnded) resolve(CUT_SHORT);
  });
  const answered = (): void => resolve(sent === size ? undefined : AGENT_ENDED);
  stream.spoke().then(answered, answered);
  body.pipe(sink);
  const fault = await promise;
  body.unpipe(sink);
  return { digest: hash.digest(), fault };
}

function finalFrame(frame: McpFrame | { readonly fault: string }): McpFrame & { readonly kind: "done" } {
  if ("fault" in frame) throw badGateway("agent_timeout", `agent did not acknowledge upload: ${frame.fault}`);
  if (frame.kind === "error") throw badGateway("agent_error", frame.text);
  if (frame.kind !== "done") throw badGateway("agent_error", "agent returned unexpected final magic");
  return frame;
}
