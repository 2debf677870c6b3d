import type { StreamClose, StreamEnd } from "#kernel";
import type { AttachOutcome, Entry, Flow } from "./flow.ts";

interface UserEndDeps {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly attach: Flow["attach"];
  readonly close: (id: string, reason: StreamClose) => void;
  readonly after: (ms: number, run: () => void) => { cancel(): void };
}

/** Ends of browsers: they come, are lost, and come again. */
export function createUserEnds({ entries, attach, close, after }: UserEndDeps) {
  return {
    /** The browser's end; a second one is refused and does not disturb the first, unless it comes instead of it. */
    attachUser(id: string, end: StreamEnd, place?: "instead"): AttachOutcome {
      const entry = entries.get(id);
      if (!entry) return "unknown";
      const before = entry.ends.user ?? entry.lost;
      if (entry.ends.user && place === "instead") entry.ends.user = undefined;
      const outcome = attach(entry, "user", end);
      if (outcome === "attached") before?.close("revoked");
      return outcome;
    },
    /** Whether an end is the browser's, also while it is lost and nobody has its place. */
    isJoined(id: string, end: StreamEnd): boolean {
      const entry = entries.get(id);
      return entry !== undefined && (entry.ends.user ?? entry.lost) === end;
    },
    /** The browser's end is lost: another has so long to take its place, and what the agent says waits for it. */
    holdUser(id: string, ms: number): void {
      const entry = entries.get(id);
      if (!entry) return;
      entry.lost = entry.ends.user;
      entry.ends.user = undefined;
      entry.timer.cancel();
      entry.timer = after(ms, () => close(id, "timeout"));
      // It may have been stopped for the end that is lost.
      entry.ends.agent?.resume();
    },
  };
}
