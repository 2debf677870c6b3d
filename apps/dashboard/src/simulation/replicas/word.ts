import type { Clock } from "@windfire/kit";
import type { Random } from "../random.ts";
import type { Life } from "./life.ts";

/** As a dashboard on a server has it: the log is looked at this often without a word. */
const POLL_MS = 5_000;
const LATE_MS = 1_500;

export interface WordDeps {
  /** That of the world. */
  readonly clock: Pick<Clock, "setTimeout">;
  /** That of the process. */
  readonly own: Pick<Clock, "setInterval">;
  readonly life: Life;
  readonly random: Random;
  readonly isCut: () => boolean;
}

/** Brings a process the word that others have committed: at once, a while later, or not at all. */
export function createWord({ clock, own, life, random, isCut }: WordDeps) {
  let waiting: (() => void) | undefined;
  let polls = false;
  const hear = (wake: () => void): void => {
    if (isCut()) return;
    if (life.runs) wake();
    else waiting = wake;
  };
  return {
    bring(wake: () => void): void {
      if (!polls) own.setInterval(() => hear(wake), POLL_MS);
      polls = true;
      const luck = random(10);
      if (luck > 0) clock.setTimeout(() => hear(wake), luck < 4 ? random(LATE_MS) : random(5));
    },
    goOn(): void {
      waiting?.();
      waiting = undefined;
    },
  };
}
