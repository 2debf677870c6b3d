import { createHash } from "node:crypto";
import type { McpFrame } from "@windfire/protocol";
import { McpFailure } from "../model.ts";
import { badGateway, NOT_ATTACHED } from "./agent-stream.ts";
import type { AgentStream } from "./agent-stream.ts";
import type { Spool, SpoolFile } from "./spool.ts";

export interface Download {
  readonly size: number;
  readonly file: SpoolFile;
}

/**
 * Takes a whole file from an agent into a spool file and checks it, so that whatever goes wrong can still be told before the first byte
 * leaves (spec 40 section 12.9). The stream is the caller's to close.
 *
 * @throws {McpFailure} with the status to answer
 */
export async function receiveFile(stream: AgentStream, spool: Spool): Promise<Download> {
  const size = await readHeader(stream);
  const file = await spool.open(size).catch((error: unknown) => {
    throw spoolFailure("transfer spool", error);
  });
  try {
    const digest = await receiveData(stream, size, file);
    checkFinal(await stream.next(), size, digest);
    return { size, file };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(stream: AgentStream): Promise<number> {
  const frame = await stream.next();
  if ("fault" in frame)
    throw frame.fault === NOT_ATTACHED
      ? badGateway("agent_timeout", NOT_ATTACHED)
      : badGateway("agent_timeout", `agent did not return download header: ${frame.fault}`);
  if (frame.kind === "error") throw badGateway("agent_error", frame.text);
  if (frame.kind !== "download-header") throw badGateway("agent_error", "agent returned unexpected header magic");
  return frame.size;
}

async function receiveData(stream: AgentStream, size: number, file: SpoolFile): Promise<Uint8Array> {
  const hash = createHash("sha256");
  for (let received = 0; received < size;) {
    const payload = payloadOf(await stream.next());
    received += payload.length;
    if (received > size) throw badGateway("agent_error", "agent oversent: more data bytes than declared size");
    hash.update(payload);
    await file.write(payload).catch((error: unknown) => {
      throw spoolFailure("transfer spool", error);
    });
  }
  return hash.digest();
}

function payloadOf(frame: McpFrame | { readonly fault: string }): Uint8Array {
  if ("fault" in frame) throw badGateway("agent_error", `stream relay failed: ${frame.fault}`);
  if (frame.kind === "error") throw badGateway("agent_error", frame.text, "mcp transfer: aborted mid-stream by agent");
  if (frame.kind !== "data") throw badGateway("agent_error", "stream relay failed: expected NZTC chunk frame");
  if (frame.payload.length === 0) throw badGateway("agent_error", "stream relay failed: zero-length data frame while payload incomplete");
  return frame.payload;
}

function checkFinal(frame: McpFrame | { readonly fault: string }, size: number, digest: Uint8Array): void {
  if ("fault" in frame) throw badGateway("agent_error", `agent did not send final transfer frame: ${frame.fault}`);
  if (frame.kind === "error") throw badGateway("agent_error", frame.text, "mcp transfer: aborted mid-stream by agent");
  if (frame.kind !== "done") throw badGateway("agent_error", "download final frame: unexpected magic");
  if (frame.size !== size) throw badGateway("agent_error", "download final frame: declared size does not match streamed bytes");
  if (!sameDigest(frame.sha256, digest))
    throw badGateway("agent_error", "download final frame: declared sha256 does not match streamed bytes");
}

/** All zeros: the agent has not computed one. */
export function sameDigest(declared: Uint8Array, computed: Uint8Array): boolean {
  return declared.every((byte) => byte === 0) || Buffer.compare(declared, computed) === 0;
}

function spoolFailure(what: string, error: unknown): McpFailure {
  return new McpFailure("agent_error", `${what}: ${error instanceof Error ? error.message : "failed"}`, { status: 500 });
}
