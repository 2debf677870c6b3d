import { joined, listRequest, PIECE, readAnswer, readListing, uploadRequest } from "./file-frames.ts";
import type { Listing } from "./file-frames.ts";
import { createQuestionTurns } from "./question-turns.ts";

/** A socket as the session sees it. */
export interface FileSocket {
  send(data: Uint8Array<ArrayBuffer>): void;
  /** Bytes that were given to `send` and have not left yet. */
  buffered(): number;
  close(): void;
}

export interface FileSession {
  /** An empty path is the home folder. */
  list(path: string): Promise<Listing>;
  upload(path: string, file: Blob, onProgress: (done: number, size: number) => void): Promise<void>;
  /** From the socket: a binary frame, or its end. */
  frame(bytes: Uint8Array<ArrayBuffer>): void;
  ended(reason: string): void;
  /** Ends the session: the only way to stop what is under way. */
  close(): void;
}

/** More than this waiting in the browser is memory for nothing. */
const MOST_BUFFERED = 4 * PIECE;

/**
 * The file manager's conversation with one agent: one question at a time, in order. While an upload runs every frame from here is file data,
 * and frames of data from there carry no marks, so nothing may come in between.
 */
export function createFileSession(deps: { socket: FileSocket; pause: () => Promise<void> }): FileSession {
  const { socket, pause } = deps;
  const turns = createQuestionTurns();
  const { ask } = turns;

  return {
    list: (path) =>
      ask((done, fail) => {
        const pieces: Uint8Array[] = [];
        socket.send(listRequest(path));
        return (frame) => {
          const answer = pieces.length === 0 ? readAnswer(frame) : undefined;
          if (answer?.kind === "failed") return fail(new Error(answer.reason));
          pieces.push(frame);
          if (frame.length === PIECE) return;
          const listing = readListing(joined(pieces));
          if (listing === undefined) fail(new Error("The answer cannot be read"));
          else done(listing);
        };
      }),
    upload: (path, file, onProgress) =>
      ask((done, fail) => {
        socket.send(uploadRequest(path, file.size));
        let refused = false;
        const send = async () => {
          for (let at = 0; at < file.size && !refused && !turns.isOver; at += PIECE) {
            while (socket.buffered() > MOST_BUFFERED && !refused && !turns.isOver) await pause();
            const part = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
            if (refused || turns.isOver) return;
            socket.send(part);
            onProgress(Math.min(file.size, at + PIECE), file.size);
          }
        };
        // A file that can no longer be read leaves the agent waiting for data: only the end of the session frees it.
        send().catch((error: unknown) => {
          fail(error instanceof Error ? error : new Error(String(error)));
          socket.close();
        });
        return (frame) => {
          const answer = readAnswer(frame);
          if (answer.kind === "uploaded") return done(undefined);
          refused = true;
          fail(new Error(answer.kind === "failed" ? answer.reason : "The answer cannot be read"));
        };
      }),
    frame: turns.frame,
    ended: turns.end,
    close() {
      // A socket with much on its way is closed only when that has left: nothing more is given to it meanwhile.
      turns.end("The session was closed");
      socket.close();
    },
  };
}
