import type { TerminalSession } from "@windfire/api";
import type { ApiClient } from "#wire/api-client.ts";

/** A message to the dashboard may hold 512 KiB (spec 11 section 13.5): longer input goes in parts. */
const PART = 64 * 1024;
const RESIZE = 1;
const RAW = 0;
const AGAIN = "&again=true";
/** Close codes after which the shell is gone for good: it ended, or nobody may have it any more (spec 11 section 13.3). */
const FINAL_CODES: ReadonlySet<number> = new Set([1000, 1005, 1008, 1009]);

export type TerminalPhase = "opening" | "open" | "lost" | "ended" | "refused";

export interface TerminalEvents {
  output(bytes: Uint8Array): void;
  /** `detail` is the dashboard's own text when it refused. */
  phase(phase: TerminalPhase, detail?: string): void;
  /** A shell is there: it does not know the size of the screen, or drew for another. */
  opened(): void;
  /** The shell before could not be found again: a new one follows. */
  renewed(): void;
}

export interface TerminalWire {
  /** Starts a session. A lost connection is followed by another to the same shell, which the dashboard keeps for a minute. */
  connect(): void;
  /** Tries at once what waits to be tried again. */
  hurry(): void;
  input(text: string): void;
  /** Eight-bit input, such as reports of the mouse. */
  raw(bytes: Uint8Array): void;
  resize(rows: number, columns: number): void;
  close(): void;
}

interface WireDeps {
  readonly api: ApiClient;
  readonly serverId: number;
  readonly openSocket: (path: string) => WebSocket;
  readonly after: (ms: number, run: () => void) => () => void;
  readonly events: TerminalEvents;
}

/** Together a little more than the minute that the dashboard waits. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 15_000, 20_000];

/** A shell on a server: the request, the socket, its framing, and what is done when it breaks. */
export function createTerminalWire({ api, serverId, openSocket, after, events }: WireDeps): TerminalWire {
  let socket: WebSocket | undefined;
  let session: string | undefined;
  let waiting: { readonly stop: () => void; readonly run: () => void } | undefined;
  let losses = 0;
  let closed = false;
  const start = async () => {
    events.phase("opening");
    try {
      session = (await api.post<TerminalSession>("/terminal", { server_id: serverId })).session_id;
      if (!closed) await attach(session, "");
    } catch (failure) {
      if (closed) return;
      const text = failure instanceof Error ? failure.message : String(failure);
      if (losses > 0 && losses < PAUSES_MS.length) lose();
      else events.phase("refused", text);
    }
  };
  const attach = (id: string, again: string) => {
    const opened = openSocket(`/api/v1/ws/terminal/${id}?keep=true${again}`);
    socket = opened;
    return listen(opened, {
      open() {
        losses = 0;
        events.phase("open");
        events.opened();
      },
      output: events.output,
      close(code, wasOpen) {
        socket = undefined;
        if (closed || (again !== "" && !wasOpen)) return;
        if (FINAL_CODES.has(code)) events.phase("ended");
        else lose();
      },
    });
  };
  /** The shell before, else a new one; later once more while the dashboard cannot be reached. */
  const resume = async (): Promise<void> => {
    if (session === undefined) return start();
    if (await attach(session, AGAIN)) return;
    if (closed) return;
    const reached = await isReached(api);
    if (closed) return;
    if (!reached) return lose();
    // It answers now, and may not have when the socket was refused.
    if ((await attach(session, AGAIN)) || closed) return;
    session = undefined;
    events.renewed();
    await start();
  };
  const lose = () => {
    const pause = PAUSES_MS[losses];
    losses += 1;
    if (pause === undefined) return events.phase("ended");
    events.phase("lost");
    const run = () => {
      waiting = undefined;
      void resume();
    };
    waiting = { stop: after(pause, run), run };
  };
  return {
    connect() {
      waiting?.stop();
      waiting = undefined;
      losses = 0;
      session = undefined;
      void start();
    },
    hurry() {
      waiting?.stop();
      waiting?.run();
    },
    ...createInput(() => socket),
    close() {
      closed = true;
      waiting?.stop();
      socket?.close(1000);
    },
  };
}

/** What is typed, in the frames that the dashboard takes; it is lost while there is no connection. */
function createInput(current: () => WebSocket | undefined): Pick<TerminalWire, "input" | "raw" | "resize"> {
  const send = (data: string | Uint8Array<ArrayBuffer>) => {
    const socket = current();
    if (socket?.readyState === WebSocket.OPEN) socket.send(data);
  };
  return {
    input(text) {
      for (let at = 0; at < text.length; at += PART) send(text.slice(at, at + PART));
    },
    raw: (bytes) => send(framed(RAW, bytes)),
    resize: (rows, columns) => send(framed(RESIZE, new TextEncoder().encode(JSON.stringify({ Rows: rows, Cols: columns })))),
  };
}

interface Heard {
  open(): void;
  output(bytes: Uint8Array): void;
  close(code: number, wasOpen: boolean): void;
}

/** Whether the socket opened. */
function listen(socket: WebSocket, heard: Heard): Promise<boolean> {
  socket.binaryType = "arraybuffer";
  return new Promise((settle) => {
    let isOpen = false;
    socket.onopen = () => {
      isOpen = true;
      settle(true);
      heard.open();
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
      heard.output(typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data));
    socket.onclose = ({ code }) => {
      settle(isOpen);
      heard.close(code, isOpen);
    };
  });
}

const isReached = (api: ApiClient): Promise<boolean> =>
  api.get("/profile").then(
    () => true,
    () => false,
  );

function framed(kind: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes.length + 1);
  frame[0] = kind;
  frame.set(bytes, 1);
  return frame;
}
