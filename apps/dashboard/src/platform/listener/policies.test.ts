import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createArrivingRequests } from "./arriving-requests.ts";
import { DEFAULT_LIMITS, newCounters } from "./limits.ts";
import { createSignsOfLife } from "./signs-of-life.ts";
import { createUnknownConnections } from "./unknown-connections.ts";

function socket() {
  return {
    bytesRead: 0,
    destroyed: false,
    destroy() {
      this.destroyed = true;
    },
  };
}

describe("unknown connections", () => {
  const limits = { ...DEFAULT_LIMITS, unknownPerPeer: 2, unknownTotal: 5 };

  test("are closed after the header time, however much they say", () => {
    const counters = newCounters();
    const unknown = createUnknownConnections(limits, counters);
    const talker = socket();
    unknown.admit(talker, "a", 0);
    for (let now = 500; now < 10_000; now += 500) {
      talker.bytesRead += 1;
      unknown.sweep(now);
    }
    expect(talker.destroyed).toBe(false);
    unknown.sweep(10_000);
    expect(talker.destroyed).toBe(true);
    expect(counters.late).toBe(1);
    expect(unknown.size).toBe(0);
  });

  test("are left alone once they are known, or send a request", () => {
    const unknown = createUnknownConnections(limits, newCounters());
    const [known, requesting] = [socket(), socket()];
    unknown.admit(known, "a", 0)?.known();
    unknown.admit(requesting, "a", 0)?.requesting();
    unknown.sweep(60_000);
    expect([known.destroyed, requesting.destroyed]).toEqual([false, false]);
    expect(unknown.size).toBe(1);
  });

  test("of a peer with too many: the silent ones go, oldest first, until it has no more than it may", () => {
    const counters = newCounters();
    const unknown = createUnknownConnections({ ...limits, unknownTotal: 100 }, counters);
    const sockets = [socket(), socket(), socket(), socket(), socket()];
    for (const one of sockets) unknown.admit(one, "a", 0);
    const other = socket();
    unknown.admit(other, "b", 0);
    unknown.sweep(999);
    expect(sockets.some((one) => one.destroyed)).toBe(false);
    for (const talker of [sockets[0], sockets[2]]) if (talker) talker.bytesRead = 5;
    unknown.sweep(1_000);
    expect(sockets.map((one) => one.destroyed)).toEqual([false, true, false, true, true]);
    expect(other.destroyed).toBe(false);
    expect(counters.silent).toBe(3);
  });

  test("that speak while the program is too busy to read are not taken for silent ones", () => {
    const unknown = createUnknownConnections(limits, newCounters());
    const [first, second, silent] = [socket(), socket(), socket()];
    for (const one of [first, second, silent]) unknown.admit(one, "a", 0);
    unknown.sweep(3_000);
    for (const one of [first, second]) one.bytesRead = 1;
    unknown.sweep(3_500);
    expect([first, second, silent].map((one) => one.destroyed)).toEqual([false, false, true]);
  });

  test("that all speak are not refused below the total", () => {
    const unknown = createUnknownConnections(limits, newCounters());
    const sockets = Array.from({ length: 5 }, socket);
    for (const one of sockets) {
      unknown.admit(one, "a", 0);
      one.bytesRead = 1;
    }
    unknown.sweep(1_500);
    expect(sockets.some((one) => one.destroyed)).toBe(false);
    expect(unknown.admit(socket(), "b", 1_500)).toBeUndefined();
  });

  test("are counted right whatever happens", () => {
    const step = fc.record({ peer: fc.constantFrom("a", "b"), fate: fc.constantFrom("known", "gone", "stay", "both") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const unknown = createUnknownConnections({ ...limits, unknownTotal: 1_000, unknownPerPeer: 1_000 }, newCounters());
        let left = 0;
        for (const { peer, fate } of steps) {
          const entry = unknown.admit(socket(), peer, 0);
          if (fate === "known" || fate === "both") entry?.known();
          if (fate === "gone" || fate === "both") entry?.gone();
          if (fate === "stay") left += 1;
        }
        expect(unknown.size).toBe(left);
        unknown.sweep(10_000);
        expect(unknown.size).toBe(0);
      }),
    );
  });
});

describe("arriving requests", () => {
  function watched(isPatient: boolean) {
    const state = { over: false, bytes: 0, log: [] as string[] };
    const counters = newCounters();
    const arriving = createArrivingRequests(DEFAULT_LIMITS, counters);
    const watch = {
      isPatient,
      isOver: () => state.over,
      received: () => state.bytes,
      expire: () => void state.log.push("expired"),
      settled: () => void state.log.push("settled"),
    };
    arriving.add(watch, 0);
    return { state, arriving, counters };
  }

  test("expire as a whole, whether they move or not", () => {
    const { state, arriving, counters } = watched(false);
    state.bytes = 10;
    arriving.sweep(59_999);
    expect(state.log).toEqual([]);
    arriving.sweep(60_000);
    arriving.sweep(60_500);
    expect(state.log).toEqual(["expired", "settled"]);
    expect(counters.slowRequests).toBe(1);
  });

  test("of patient kind expire only when they stand still", () => {
    const { state, arriving } = watched(true);
    for (let now = 30_000; now <= 300_000; now += 30_000) {
      state.bytes += 1;
      arriving.sweep(now);
    }
    expect(state.log).toEqual([]);
    arriving.sweep(360_000);
    expect(state.log).toEqual(["expired", "settled"]);
  });

  test("that are complete are forgotten", () => {
    const { state, arriving } = watched(false);
    state.over = true;
    arriving.sweep(500);
    arriving.sweep(100_000);
    expect(state.log).toEqual(["settled"]);
  });
});

describe("signs of life", () => {
  function watched() {
    const state = { bytes: 0, log: [] as string[], answer: () => undefined as void };
    const counters = newCounters();
    const life = createSignsOfLife(DEFAULT_LIMITS, counters);
    const forget = life.watch(
      {
        received: () => state.bytes,
        ping(answered) {
          state.answer = answered;
          state.log.push("ping");
        },
        destroy: () => void state.log.push("destroyed"),
      },
      0,
    );
    const sweepTo = (from: number, to: number): void => {
      for (let now = from; now <= to; now += DEFAULT_LIMITS.lifeCheckMs) life.sweep(now);
    };
    return { state, life, counters, forget, sweepTo };
  }

  test("a connection that reports is never pinged", () => {
    const { state, life } = watched();
    for (let now = 0; now < 600_000; now += 3_000) {
      state.bytes += 200;
      life.sweep(now);
    }
    expect(state.log).toEqual([]);
  });

  test("a silent one is found within a minute", () => {
    const { state, sweepTo, counters } = watched();
    sweepTo(3_999, 20_000);
    expect(state.log).toEqual([]);
    sweepTo(23_999, 40_000);
    expect(state.log).toEqual(["ping"]);
    sweepTo(43_999, 55_000);
    expect(state.log).toEqual(["ping", "destroyed"]);
    expect(counters.halfOpen).toBe(1);
  });

  test("one that answers lives on, and is asked again", () => {
    const { state, sweepTo } = watched();
    sweepTo(0, 24_000);
    state.answer();
    sweepTo(28_000, 44_000);
    expect(state.log).toEqual(["ping"]);
    sweepTo(48_000, 48_000);
    expect(state.log).toEqual(["ping", "ping"]);
  });

  test("a closed one is forgotten", () => {
    const { state, sweepTo, forget } = watched();
    forget();
    sweepTo(0, 60_000);
    expect(state.log).toEqual([]);
  });
});
