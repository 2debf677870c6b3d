import type { TerminalSession } from "@windfire/api";
import type { ApiClient } from "#wire/api-client.ts";

/** A message to the dashboard may hold 512 KiB (spec 11 section 13.5): longer input goes in parts. */
const PART = 64 * 1024;
const RESIZE = 1;
const RAW = 0;
/** Close codes after which the shell is gone for good: it ended, or nobody may have it any more (spec 11 section 13.3). */
const FINAL_CODES: ReadonlySet<number> = new Set([1000, 1005, 1008, 1009]);

export type TerminalPhase = "opening" | "open" | "lost" | "ended" | "refused";

export interface TerminalEvents {
  output(bytes: Uint8Array): void;
  /** `detail` is the dashboard's own text when it refused. */
  phase(phase: TerminalPhase, detail?: string): void;
  /** A new shell is there: it does not know the size of the screen. */
  opened(): void;
}

export interface TerminalWire {
  /** Starts a session; after a lost connection a new one, since the old cannot be taken up again. */
  connect(): void;
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

const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];

/** A shell on a server: the request, the socket, its framing, and what is done when it breaks. */
export function createTerminalWire({ api, serverId, openSocket, after, events }: WireDeps): TerminalWire {
  let socket: WebSocket | undefined;
  let stopWaiting: (() => void) | undefined;
  let losses = 0;
  let closed = false;
  const connect = async () => {
    stopWaiting?.();
    events.phase("opening");
    try {
      const session = await api.post<TerminalSession>("/terminal", { server_id: serverId });
      if (!closed) attach(session.session_id);
    } catch (failure) {
      if (closed) return;
      const text = failure instanceof Error ? failure.message : String(failure);
      if (losses > 0 && losses < PAUSES_MS.length) lose();
      else events.phase("refused", text);
    }
  };
  const attach = (id: string) => {
    const opened = openSocket(`/api/v1/ws/terminal/${id}`);
    socket = opened;
    opened.binaryType = "arraybuffer";
    opened.onopen = () => {
      losses = 0;
      events.phase("open");
      events.opened();
    };
    opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
      events.output(typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data));
    opened.onclose = ({ code }) => {
      socket = undefined;
      if (closed) return;
      if (FINAL_CODES.has(code)) events.phase("ended");
      else lose();
    };
  };
  const lose = () => {
    const pause = PAUSES_MS[losses];
    losses += 1;
    if (pause === undefined) return events.phase("ended");
    events.phase("lost");
    stopWaiting = after(pause, () => void connect());
  };
  const send = (data: string | Uint8Array<ArrayBuffer>) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(data);
  };
  return {
    connect() {
      losses = 0;
      void connect();
    },
    input(text) {
      for (let at = 0; at < text.length; at += PART) send(text.slice(at, at + PART));
    },
    raw: (bytes) => send(framed(RAW, bytes)),
    resize: (rows, columns) => send(framed(RESIZE, new TextEncoder().encode(JSON.stringify({ Rows: rows, Cols: columns })))),
    close() {
      closed = true;
      stopWaiting?.();
      socket?.close(1000);
    },
  };
}

function framed(kind: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes.length + 1);
  frame[0] = kind;
  frame.set(bytes, 1);
  return frame;
}
