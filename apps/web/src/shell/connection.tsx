import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useFormats } from "#lib/formats.ts";
import type { TimeFormat } from "#lib/time-format.ts";
import { Note } from "#ui/banner.tsx";
import type { LiveStatus, LiveStore } from "#wire/live-store.ts";
import { useApp } from "./app-context.tsx";
import { useLiveStatus } from "./live-hooks.ts";

/** Nothing is said about a connection lost for less than this. */
const QUIET_MS = 5000;
const BANNER_MS = 15_000;
const TICK_MS = 1000;
/** Older values need the date as well. */
const CLOCK_ENOUGH_MS = 12 * 3_600_000;

export type Connection = "live" | "connecting" | "reconnecting" | "stale";

/** What is said about the connection (brief section 8). */
export function connectionOf(status: LiveStatus, now: number): Connection {
  if (status.frameNow === 0) return "connecting";
  if (status.kept) return "stale";
  if (status.lostAt === undefined) return "live";
  const lost = now - status.lostAt;
  if (lost < QUIET_MS) return "live";
  return lost < BANNER_MS ? "reconnecting" : "stale";
}

/** Draws again when something else is to be said, not with every frame. */
export function useConnection(): Connection {
  const { store } = useApp().live;
  const subscribe = useCallback((listener: () => void) => followConnection(store, listener), [store]);
  const snapshot = () => connectionOf(store.status(), Date.now());
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

/** While the connection is lost, time passing is news too. */
function followConnection(store: LiveStore, listener: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const keepTime = () => {
    if (store.status().lostAt !== undefined) timer ??= setInterval(listener, TICK_MS);
    else {
      clearInterval(timer);
      timer = undefined;
    }
  };
  keepTime();
  const leave = store.subscribeStatus(() => {
    keepTime();
    listener();
  });
  return () => {
    leave();
    clearInterval(timer);
  };
}

/** Of when the values are: the time of day, with the date where that is not enough. */
export function momentOf({ frameNow }: LiveStatus, age: number, time: TimeFormat): string {
  return age < CLOCK_ENOUGH_MS ? time.clockSeconds(frameNow) : time.dateTime(frameNow);
}

/** "Showing values of 10:46:12": only after a quarter of a minute, or at once on a page that was kept. */
export function StaleBanner() {
  return useConnection() === "stale" ? <Stale /> : null;
}

function Stale() {
  const status = useLiveStatus();
  const { live } = useApp();
  const { t, time } = useFormats();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const age = now - status.frameAt;
  const at = momentOf(status, age, time);
  const values = { time: at, age: time.duration(age) };
  return (
    <div className="mt-4">
      <Note
        state="warn"
        title={t("live.lost")}
        action={
          <button type="button" className="font-medium text-link hover:underline" onClick={() => live.socket.reconnect()}>
            {t("action.retry")}
          </button>
        }
      >
        {t("live.stale", values)}
      </Note>
    </div>
  );
}
