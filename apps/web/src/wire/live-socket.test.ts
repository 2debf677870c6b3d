import { expect, test } from "vitest";
import { createLiveSocket, readFrame } from "./live-socket.ts";
import type { SocketPhase } from "./live-socket.ts";

/** Time that passes when told to. */
function fakeTimers() {
  let now = 0;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms: number, run: () => void) {
      const entry = { at: now + ms, run };
      waiting.push(entry);
      return () => void (waiting = waiting.filter((other) => other !== entry));
    },
    pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = waiting.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        now = next.at;
        waiting = waiting.filter((entry) => entry !== next);
        next.run();
      }
      now = end;
    },
    nextIn: () => Math.min(...waiting.map((entry) => entry.at)) - now,
  };
}

class FakeSocket extends EventTarget {
  closed = false;
  close(): void {
    this.closed = true;
  }
}

function setUp(random = 1) {
  const timers = fakeTimers();
  const sockets: FakeSocket[] = [];
  const frames: [number, boolean][] = [];
  const phases: SocketPhase[] = [];
  const live = createLiveSocket({
    timers,
    random: () => random,
    open() {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onFrame: (frame, first) => frames.push([frame.now, first]),
    onPhase: (phase) => phases.push(phase),
  });
  const say = (now: number) => sockets.at(-1)?.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ now }) }));
  const hangUp = () => sockets.at(-1)?.dispatchEvent(new Event("close"));
  return { live, timers, sockets, frames, phases, say, hangUp };
}

test("frames arrive, the first of a connection is marked", () => {
  const { live, say, frames, phases } = setUp();
  live.start();
  say(1);
  say(2);
  expect(frames).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(phases).toEqual(["connecting", "open"]);
});

test("the wait doubles from half a second to 30 s and starts over after a frame", () => {
  const { live, timers, hangUp, say } = setUp();
  live.start();
  const waits: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    hangUp();
    waits.push(timers.nextIn());
    timers.pass(timers.nextIn());
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  say(1);
  hangUp();
  expect(timers.nextIn()).toBe(500);
});

test("the wait has full jitter", () => {
  const { live, timers, hangUp } = setUp(0.25);
  live.start();
  hangUp();
  expect(timers.nextIn()).toBe(125);
});

test("a silent connection is replaced", () => {
  const { live, timers, sockets } = setUp();
  live.start();
  timers.pass(12_000 + 500);
  expect(sockets.map((socket) => socket.closed)).toEqual([true, false]);
});

test("a page nobody sees pauses after a minute and comes back at once", () => {
  const { live, timers, sockets, phases, say } = setUp();
  live.start();
  live.visible(false);
  for (let i = 0; i < 59; i += 1) {
    say(i);
    timers.pass(1000);
  }
  expect(sockets[0]?.closed).toBe(false);
  timers.pass(1000);
  expect(sockets[0]?.closed).toBe(true);
  expect(phases.at(-1)).toBe("paused");
  live.visible(true);
  expect(sockets).toHaveLength(2);
});

test("after stop nothing is opened any more", () => {
  const { live, timers, sockets, hangUp } = setUp();
  live.start();
  live.stop();
  hangUp();
  live.reconnect();
  live.visible(false);
  live.visible(true);
  timers.pass(120_000);
  expect(sockets).toHaveLength(1);
});

test("reconnect opens a new connection and forgets the old one", () => {
  const { live, sockets, say, frames } = setUp();
  live.start();
  live.reconnect();
  sockets[0]?.dispatchEvent(new MessageEvent("message", { data: '{"now":1}' }));
  say(2);
  expect(frames).toEqual([[2, true]]);
});

test.each([
  ['{"now":5,"servers":[]}', true],
  ['{"now":5}', true],
  ['{"now":"5"}', false],
  ['{"now":5,"servers":{}}', false],
  ["[]", false],
  ["null", false],
  ["{", false],
  [new ArrayBuffer(1), false],
])("%j is a frame: %s", (data, valid) => {
  expect(readFrame(data) !== undefined).toBe(valid);
});
