import type { Client } from "pg";
import { backOffCeiling } from "@windfire/kit";
import type { Clock, Timer } from "@windfire/kit";
import { abandon, connect } from "./connect.ts";

/** Whoever writes to the change log says so on this channel, when it is committed (`compat.ts`). */
export const CHANNEL = "wf_changes";
/** A word may be lost; the log is the truth, and is looked at this often without one. */
const POLL_MS = 5_000;
const RETRY = { baseMs: 100, maxMs: 5_000 };

/** Tells that the change log may have grown, by somebody's word or because time has passed. */
export interface Listener {
  close(): void;
}

/** See {@link Listener}. */
export function createListener({ clock, address, heard }: { clock: Clock; address: string; heard: () => void }): Listener {
  let client: Client | undefined;
  let timer: Timer | undefined;
  let failures = 0;
  let closed = false;

  const later = (ms: number, run: () => void): void => {
    timer?.cancel();
    timer = clock.setTimeout(run, ms).unref();
  };
  const poll = (): void => {
    heard();
    later(POLL_MS, poll);
  };
  const again = (): void => {
    if (!closed) later(backOffCeiling(RETRY, failures++), () => void listen());
  };
  const listen = async (): Promise<void> => {
    try {
      const fresh = await connect(address, {
        onLost: (lost) => {
          if (client !== lost) return;
          client = undefined;
          again();
        },
      });
      if (closed) return abandon(fresh);
      client = fresh;
      fresh.on("notification", heard);
      await fresh.query(`LISTEN ${CHANNEL}`);
      failures = 0;
      // What was said before anybody listened.
      poll();
    } catch {
      if (client !== undefined) abandon(client);
      client = undefined;
      again();
    }
  };
  void listen();
  return {
    close() {
      closed = true;
      timer?.cancel();
      if (client !== undefined) abandon(client);
    },
  };
}
