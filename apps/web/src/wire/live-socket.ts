import type { LiveMessage } from "./live-deltas.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A connection without a frame for this long is taken for dead (frames come every 2 s). */
const SILENCE_MS = 12_000;
/** A page nobody looks at gives its connection back after this long. */
const HIDDEN_MS = 60_000;

export type SocketPhase = "connecting" | "open" | "waiting" | "paused";

/** The part of `WebSocket` that is used. */
export interface SocketLike {
  close(): void;
  addEventListener(type: "close" | "message", listener: (event: Event) => void): void;
}

export interface Timers {
  now(): number;
  /** Runs once after the time; gives what cancels it. */
  after(ms: number, run: () => void): () => void;
}

export interface LiveSocketDeps {
  readonly open: () => SocketLike;
  readonly timers: Timers;
  /** 0 to 1. */
  readonly random: () => number;
  readonly onFrame: (frame: LiveMessage, firstOfConnection: boolean) => void;
  readonly onPhase: (phase: SocketPhase) => void;
}

export interface LiveSocket {
  start(): void;
  stop(): void;
  /** Connect now: after `online`, focus, or with a new identity. */
  reconnect(): void;
  /** Whether somebody looks at the page. */
  visible(seen: boolean): void;
}

/** One connection to `ws/server`, for ever: waits 0.5 s doubling to 30 s with full jitter between tries. */
export function createLiveSocket(deps: LiveSocketDeps): LiveSocket {
  const { timers } = deps;
  let socket: SocketLike | undefined;
  let failures = 0;
  let stopped = true;
  let paused = false;
  let cancel = () => {};
  let cancelPause = () => {};

  const drop = () => {
    cancel();
    const old = socket;
    socket = undefined;
    old?.close();
  };
  const schedule = () => {
    drop();
    if (stopped) return;
    const wait = deps.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    deps.onPhase("waiting");
    cancel = timers.after(wait, connect);
  };
  const watch = () => {
    cancel();
    cancel = timers.after(SILENCE_MS, schedule);
  };
  const connect = () => {
    drop();
    if (stopped) return;
    deps.onPhase("connecting");
    let first = true;
    const next = deps.open();
    socket = next;
    watch();
    // What a socket says after it was replaced counts no more.
    next.addEventListener("close", () => (socket === next ? schedule() : undefined));
    next.addEventListener("message", (event) => {
      const frame = event instanceof MessageEvent ? readFrame(event.data) : undefined;
      if (frame === undefined || socket !== next) return;
      failures = 0;
      watch();
      if (first) deps.onPhase("open");
      deps.onFrame(frame, first);
      first = false;
    });
  };
  const begin = () => {
    stopped = paused = false;
    failures = 0;
    connect();
  };
  const halt = (forLater: boolean) => {
    stopped = true;
    paused = forLater;
    drop();
  };
  return {
    start: begin,
    stop() {
      cancelPause();
      halt(false);
    },
    reconnect() {
      if (!stopped) begin();
    },
    visible(seen) {
      cancelPause();
      if (seen) {
        if (paused) begin();
        return;
      }
      if (stopped) return;
      cancelPause = timers.after(HIDDEN_MS, () => {
        halt(true);
        deps.onPhase("paused");
      });
    },
  };
}

/** Frames that are no JSON object with a finite `now` are dropped (spec 50 section 3.3). */
export function readFrame(data: unknown): LiveMessage | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

const LISTS = ["servers", "changed", "ids"];

function isFrame(value: unknown): value is LiveMessage {
  if (typeof value !== "object" || value === null || !Number.isFinite(Reflect.get(value, "now"))) return false;
  return LISTS.map((key): unknown => Reflect.get(value, key)).every((list) => list === undefined || Array.isArray(list));
}
