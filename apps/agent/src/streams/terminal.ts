import { parseStreamOrder, parseTerminalFrame } from "@windfire/protocol";
import { faultText } from "../fault.ts";
import type { RunTask } from "../tasks/task-kind.ts";
import { createIoPipe } from "./io-pipe.ts";
import type { IoPipe } from "./io-pipe.ts";

/** A shell in a pseudo-terminal. */
export interface Pty {
  /** Output, in order; taken up slowly while the listener's promise is pending. */
  onOutput(listener: (bytes: Uint8Array) => Promise<void>): void;
  /** After the last output. */
  readonly ended: Promise<PtyEnd>;
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** Bytes written that the program has not taken yet. */
  waiting(): number;
  /** Ends the shell and all that runs in its group. */
  kill(): void;
}

export interface PtyEnd {
  readonly exitCode: number;
  /** Number of the signal that ended it, 0 for none. */
  readonly signal: number;
}

/** Starts the user's shell in 80 columns and 24 rows. @throws Error that says why there is none */
export type StartShell = () => Promise<Pty>;

const FRAME_BYTES = 32 * 1024;
/** What a program that does not read may leave lying. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Terminal (task 8, spec 21 section 9): whoever waits for one that cannot be given is told why at once. */
export function createTerminal(startShell: StartShell): RunTask {
  return async ({ data }, { openIo }) => {
    const order = parseStreamOrder(data);
    if (order === undefined) return undefined;
    const pipe = createIoPipe(openIo, order.streamId);
    try {
      await converse(pipe, await startShell());
    } catch (error) {
      await say(pipe, faultText(error));
    }
    pipe.end();
    return undefined;
  };
}

async function converse(pipe: IoPipe, pty: Pty): Promise<void> {
  const kill = (): void => pty.kill();
  pipe.over.addEventListener("abort", kill, { once: true });
  if (pipe.over.aborted) kill();
  pty.onOutput((bytes) => sendFrames(pipe, bytes));
  void takeInput(pipe, pty);
  const { exitCode, signal } = await pty.ended;
  // What it left running in its group goes with it.
  kill();
  await say(pipe, signal === 0 ? `The shell ended with exit code ${exitCode}.` : `The shell was ended by signal ${signal}.`);
}

async function say(pipe: IoPipe, text: string): Promise<void> {
  await pipe.send(Buffer.from(`\r\n${text}\r\n`));
}

async function sendFrames(pipe: IoPipe, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    if (!(await pipe.send(bytes.subarray(at, at + FRAME_BYTES)))) return pipe.cancel();
  }
}

/** Frames without a meaning are passed over (spec 20 section 10.2). */
async function takeInput(pipe: IoPipe, pty: Pty): Promise<void> {
  for (let message = await pipe.next(); message !== undefined; message = await pipe.next()) {
    const frame = parseTerminalFrame(message);
    if (frame?.kind === "resize") pty.resize(frame.cols, frame.rows);
    if (frame?.kind !== "input" || frame.bytes.length === 0) continue;
    if (pty.waiting() + frame.bytes.length > MAX_WAITING_BYTES) pty.kill();
    else pty.write(frame.bytes);
  }
}
