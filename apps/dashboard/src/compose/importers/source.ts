import type { StatusPageForm } from "@windfire/api";
import type { Declared } from "../as-code/document.ts";

/** What another program's data become here. */
export interface Takeover {
  /** Servers by UUID, which come before everything else. */
  readonly servers: readonly TakenServer[];
  /** Everything that has a name. */
  readonly declared: Declared;
  /** Status pages, once what they show is there and has an id; by the name of a service. */
  readonly pages?: (serviceId: (name: string) => number | undefined) => readonly StatusPageForm[];
  /** What is left out, or not quite the same here; a sentence each. */
  readonly notes: readonly string[];
  /** Results of services, by the name of the service and of the server that probed. */
  readonly results: () => AsyncIterable<Results> | Iterable<Results>;
  /** States of servers, by UUID. */
  readonly states: () => Iterable<States>;
}

export interface TakenServer {
  readonly uuid: string;
  readonly name: string;
  readonly note: string;
  readonly public_note: string;
  readonly display_index: number;
  readonly hide_for_guest: boolean;
}

/** Points of a service; times in Unix milliseconds, delays in milliseconds. At most one of each half minute. */
export interface Results {
  readonly service: string;
  readonly server: string;
  readonly points: readonly { readonly at: number; readonly delay?: number; readonly up: number; readonly down: number }[];
}

export interface States {
  readonly uuid: string;
  readonly states: readonly { readonly at: number; readonly values: Readonly<Record<string, number>> }[];
}

const SLOT_MS = 30_000;

/** One result of a probe. */
export interface Beat {
  readonly at: number;
  readonly up: boolean;
  readonly delay: number | null;
}

/** Results of one service, oldest first, as one point for each half minute: the mean of the delays of those that succeeded. */
export function* pointsOf(beats: Iterable<Beat>, most: number): Generator<Results["points"]> {
  let points: Results["points"][number][] = [];
  let open: { slot: number; up: number; down: number; sum: number; measured: number } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { slot, up, down, sum, measured } = open;
    points.push({ at: slot * SLOT_MS, ...(measured === 0 ? {} : { delay: sum / measured }), up, down });
  };
  for (const { at, up, delay } of beats) {
    const slot = Math.floor(at / SLOT_MS);
    if (open?.slot !== slot) {
      close();
      open = { slot, up: 0, down: 0, sum: 0, measured: 0 };
      if (points.length >= most) {
        yield points;
        points = [];
      }
    }
    if (up) open.up++;
    else open.down++;
    if (up && delay !== null) {
      open.sum += delay;
      open.measured++;
    }
  }
  close();
  if (points.length > 0) yield points;
}
