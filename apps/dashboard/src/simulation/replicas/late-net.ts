import type { Clock } from "@windfire/kit";
import { createMemoryNet } from "#platform/bus/testing";
import type { MemoryWire } from "#platform/bus/testing";
import { createBus } from "#platform/bus";
import type { Bus } from "#platform/bus";
import type { Random } from "../random.ts";
import type { Life } from "./life.ts";

/** Most messages come at once, some a while later; those of one sender come to one receiver in their order. */
const LONGEST_MS = 900;
const KEY = Buffer.alloc(32, 7);

/** How one process is joined to the others. */
export interface Joined {
  readonly bus: Bus;
  /** What is said gets lost, before and after anybody notices. */
  isMute: boolean;
  set: MemoryWire["set"];
  /** What it was told and what it has said while it stood still goes out, and in. */
  goOn(): void;
  pause(): void;
}

interface Joining {
  readonly clock: Clock;
  readonly replica: string;
  readonly life: Life;
  readonly onError: (error: unknown) => void;
}

/** A bus that is late, and on which senders overtake one another, as the seed says. */
export function createLateNet(clock: Clock, random: Random) {
  const members: { isMute: boolean; readonly life: Life; readonly said: (() => void)[] }[] = [];
  /** When the last message of a sender comes to a receiver. */
  const last = new Map<string, number>();
  const bring = (link: string, arrive: () => void): void => {
    const now = clock.monotonic();
    const at = Math.max(last.get(link) ?? 0, now + (random(5) === 0 ? random(LONGEST_MS) : random(5)));
    last.set(link, at);
    clock.setTimeout(arrive, at - now);
  };
  const net = createMemoryNet({
    carry(from, to, arrive) {
      const [sender, receiver] = [members[from], members[to]];
      if (!sender || !receiver) return;
      const carried = (): void => {
        if (!sender.isMute && !receiver.isMute) bring(`${from} ${to}`, () => (receiver.isMute ? undefined : arrive()));
      };
      if (sender.life.runs) carried();
      else if (!sender.life.isOver) sender.said.push(carried);
    },
  });
  return {
    join({ life, ...process }: Joining): Joined {
      const wire = net.join();
      const self = { isMute: false, life, said: [] as (() => void)[] };
      members.push(self);
      const bus = createBus({ ...process, wire, key: KEY, prefix: "windfire.test" });
      return {
        bus,
        get isMute() {
          return self.isMute;
        },
        set isMute(mute) {
          self.isMute = mute;
        },
        set: wire.set,
        pause: wire.hold,
        goOn() {
          wire.release();
          for (const carried of self.said.splice(0)) carried();
        },
      };
    },
  };
}

export type LateNet = ReturnType<typeof createLateNet>;
