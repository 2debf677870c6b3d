import type { Clock } from "@windfire/kit";
import type { Bus } from "#platform/bus";
import { commonMessage } from "./messages.ts";

/** Looked at so often. */
export const LOOK_MS = 10_000;
/** One that starts is on the database before it can be heard: after so many looks in a row it is not that. */
const LOOKS = 3;
const ANSWER_MS = 2_000;
/** An answer that was longer under way says too little of a clock. */
const PROMPT_MS = 1_000;
/** Clocks may be apart by so much. */
const CLOCK_MS = 5_000;
/** Stands for the clock among the names of settings. */
export const CLOCK = "clock";

/** What is wrong with the dashboards of the installation, as one of them sees it. */
export interface Neighbours {
  /** Dashboards that are on the database and not heard: they stand still, or have another bus. */
  readonly unheard: number;
  /** Settings that are not the same at all that are heard, as the configuration calls them, and {@link CLOCK}; in alphabetical order. */
  readonly differing: readonly string[];
}

export interface NeighboursDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly bus: Pick<Bus, "answer" | "request" | "state">;
  /** The others that are heard. */
  readonly peers: () => readonly string[];
  /** All that are there have had time to be heard. */
  readonly isSettled: () => boolean;
  /** How many are on the database, with this one. */
  readonly onDatabase: () => Promise<number>;
  /** Settings that are to be the same everywhere, by name; the values tell nothing but whether they are. */
  readonly settings: () => Readonly<Record<string, string>>;
  /** What people call this dashboard. */
  readonly place: string;
  readonly log: { info(text: string): void; warn(text: string): void };
}

/** See {@link Neighbours}. Dashboards of another version compare the settings that both know. */
export function createNeighbours({ clock, bus, peers, isSettled, onDatabase, settings, place, log }: NeighboursDeps) {
  let missing = 0;
  let looks = 0;
  let differing: readonly string[] = [];
  let told = "";
  bus.answer("common", () => commonMessage.encode({ now: clock.now(), place, settings: settings() }));

  const differingFrom = async (replica: string): Promise<{ readonly names: readonly string[]; readonly place: string }> => {
    const askedAt = clock.monotonic();
    const answer = await bus.request(replica, "common", Buffer.alloc(0), ANSWER_MS);
    const said = answer === "no-answer" ? undefined : commonMessage.decode(answer);
    if (said === undefined) return { names: [], place: "" };
    const names = Object.entries(settings()).flatMap(([name, value]) => ((said.settings[name] ?? value) === value ? [] : [name]));
    const took = clock.monotonic() - askedAt;
    const isClockOff = took < PROMPT_MS && Math.abs(said.now + took / 2 - clock.now()) > CLOCK_MS;
    return { names: isClockOff ? [...names, CLOCK] : names, place: said.place ?? replica };
  };
  const compare = async (): Promise<void> => {
    const found = await Promise.all(peers().map(differingFrom));
    differing = [...new Set(found.flatMap(({ names }) => names))].toSorted();
    const placesOf = (name: string): string =>
      found
        .flatMap(({ names, place: at }) => (names.includes(name) ? [at] : []))
        .toSorted()
        .join(", ");
    const before = told;
    told = differing.map((name) => `${name} (${placesOf(name)})`).join("; ");
    if (told === before) return;
    if (told !== "") log.warn(`not the same here and at other dashboards: ${told}`);
    else log.info("what is to be the same at all dashboards is");
  };
  const count = async (): Promise<void> => {
    const there = await onDatabase();
    const before = looks >= LOOKS ? missing : 0;
    missing = Math.max(0, there - peers().length - 1);
    looks = missing === 0 ? 0 : looks + 1;
    const now = looks >= LOOKS ? missing : 0;
    if (now === before) return;
    if (now > 0) log.warn(`${now} of ${there} dashboards on the database are not heard: they stand still, or bus: is another one there`);
    else log.info("all dashboards on the database are heard");
  };
  return {
    get unheard() {
      return looks >= LOOKS ? missing : 0;
    },
    get differing() {
      return differing;
    },
    /** To be called every {@link LOOK_MS}; fails when the database cannot be asked. */
    async look(): Promise<void> {
      if (bus.state !== "connected" || !isSettled()) {
        looks = 0;
        return;
      }
      await compare();
      await count();
    },
  };
}
