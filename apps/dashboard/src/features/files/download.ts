import { formatFileRequest, parseFileResponse } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { LiveConnections } from "#access/protection";
import { refuseText } from "#kernel";
import type { Agents, Caller, Stream } from "#kernel";
import { createFrames } from "./frames.ts";
import type { Frames } from "./frames.ts";

export interface DownloadDeps {
  readonly clock: Pick<Clock, "setTimeout">;
  readonly agents: Pick<Agents, "joinStream">;
  readonly connections: Pick<LiveConnections, "register">;
  /** Most bytes that may wait for a browser which reads slowly. */
  readonly unreadBytes: number;
}

export interface Download {
  /** Bytes. */
  readonly size: number;
  /** What the agent sends. Whoever stops taking pieces ends the stream. */
  readonly parts: AsyncIterable<Uint8Array>;
}

interface DownloadWish {
  readonly stream: Stream;
  readonly path: string;
  readonly caller: Caller;
  readonly ip: string;
  /** Aborted when the browser has gone. */
  readonly signal: AbortSignal;
}

/** An agent that has attached and says nothing. */
const SILENT_MS = 30_000;
/** Small enough that also a slow line takes one within the time that an answer may stall. */
const PART_BYTES = 64 * 1024;
/** Official agents refuse to send files without content (spec 11 section 13.7). */
const EMPTY_FILE = "requested file is empty";
const LONGEST_REASON = 300;
const GONE = "The connection to the agent has ended";

/**
 * Takes one file over a session of the file manager, which is used up by it: what goes wrong before the first byte is refused in words,
 * later the answer breaks off. It ends with the browser, and with the caller's session or token.
 */
export async function download(deps: DownloadDeps, wish: DownloadWish): Promise<Download> {
  const { stream, path, caller, ip, signal } = wish;
  const frames = createFrames(deps.unreadBytes);
  const release = deps.connections.register({ caller, ip, close: () => frames.fail("revoked") });
  const leave = (): void => frames.fail(GONE);
  signal.addEventListener("abort", leave, { once: true });
  const joined = await deps.agents.joinStream(stream.id, frames.end);
  const finish = (): void => {
    release();
    signal.removeEventListener("abort", leave);
    if (typeof joined !== "string") joined.close("peer-ended");
  };
  const silence = deps.clock.setTimeout(() => frames.fail("agent timeout"), SILENT_MS);
  try {
    // Somebody else was faster, or the session is over.
    if (typeof joined === "string") throw refuseText("permission denied");
    frames.connect(joined);
    if (signal.aborted) leave();
    joined.send(formatFileRequest({ kind: "download", path }));
    const size = await readSize(frames);
    return { size, parts: pieces(frames, size, finish) };
  } catch (error) {
    finish();
    throw error;
  } finally {
    silence.cancel();
  }
}

async function readSize(frames: Frames): Promise<number> {
  const first = await frames.next();
  if ("failure" in first) throw refuseText(first.failure);
  const answer = parseFileResponse(first.bytes);
  if (answer?.kind === "download") return answer.size;
  if (answer?.kind !== "error") throw refuseText("The answer of the agent cannot be read");
  if (answer.text.includes(EMPTY_FILE)) return 0;
  throw refuseText(answer.text.slice(0, LONGEST_REASON));
}

async function* pieces(frames: Frames, size: number, finish: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (let sent = 0; sent < size;) {
      const frame = await frames.next();
      if ("failure" in frame) throw new Error(frame.failure);
      const { bytes } = frame;
      if (sent + bytes.length > size) throw new Error("the agent sends more than it said");
      sent += bytes.length;
      for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.subarray(at, at + PART_BYTES);
    }
  } finally {
    finish();
  }
}
