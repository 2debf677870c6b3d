import type { Clock } from "@windfire/kit";
import { createBus } from "../bus.ts";
import type { Bus } from "../bus.ts";
import type { Wire, WireState } from "../wire.ts";

/** A wire of the net, with what a test does to it. */
export interface MemoryWire extends Wire {
  /** Cuts it off and joins it again. */
  set(state: WireState): void;
  /** Keeps what comes from now on, and gives it out later, in the order that the test wants. */
  hold(): void;
  release(order?: (held: (() => void)[]) => (() => void)[]): void;
}

export interface MemoryNetOptions {
  /** Most bytes of one message. */
  readonly largest?: number;
  /**
   * Brings a message from one wire to another, by their places in the order of joining; without it it arrives a moment later. What is not
   * brought is lost; those of one sender have to come in their order.
   */
  readonly carry?: (from: number, to: number, arrive: () => void) => void;
}

/** A wire as the others see it. */
interface End {
  readonly place: number;
  hears(subject: string): boolean;
  arrive(subject: string, bytes: Uint8Array): void;
}

/** Wires in one process, as NATS would join them. */
export function createMemoryNet({ largest = 1024 * 1024, carry = (_from, _to, arrive) => queueMicrotask(arrive) }: MemoryNetOptions = {}) {
  const wires = new Set<End>();
  let places = 0;
  const join = (): MemoryWire => {
    const listeners = new Map<string, (bytes: Uint8Array) => void>();
    const hearers: ((state: WireState) => void)[] = [];
    let state: WireState = "lost";
    let held: (() => void)[] | undefined;
    const self: End = {
      place: places++,
      hears: (subject) => listeners.has(subject),
      arrive(subject: string, bytes: Uint8Array): void {
        const take = listeners.get(subject);
        const deliver = (): void => (state === "connected" ? take?.(bytes) : undefined);
        if (held) held.push(deliver);
        else deliver();
      },
    };
    wires.add(self);
    const set = (next: WireState): void => {
      if (next === state) return;
      state = next;
      for (const hear of hearers) hear(next);
    };
    return {
      get state() {
        return state;
      },
      largest,
      waiting: 0,
      send(subject, bytes) {
        if (state === "lost") return;
        for (const wire of wires)
          if (wire !== self && wire.hears(subject)) carry(self.place, wire.place, () => wire.arrive(subject, bytes));
      },
      listen: (subject, take) => void listeners.set(subject, take),
      onState: (hear) => void hearers.push(hear),
      start: () => set("connected"),
      stop: async () => set("lost"),
      set,
      hold: () => void (held ??= []),
      release(order = (all) => all) {
        const kept = held ?? [];
        held = undefined;
        for (const deliver of order(kept)) deliver();
      },
    };
  };
  let joined = 0;
  return {
    join,
    /** A bus on a new wire, started. */
    bus(clock: Clock, key: Uint8Array = Buffer.alloc(32, 7)): { readonly bus: Bus; readonly wire: MemoryWire } {
      const wire = join();
      const replica = (++joined).toString(16).padStart(12, "0");
      const bus = createBus({
        wire,
        clock,
        key,
        prefix: "windfire.test",
        replica,
        onError: (error) => {
          throw error;
        },
      });
      return { bus, wire };
    },
  };
}

export type MemoryNet = ReturnType<typeof createMemoryNet>;
