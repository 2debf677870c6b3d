import { useEffect, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import type { TimeFormat } from "#lib/time-format.ts";
import { Note } from "#ui/banner.tsx";
import type { LiveStatus } from "#wire/live-store.ts";
import { useApp } from "./app-context.tsx";
import { useLiveStatus } from "./live-hooks.ts";

/** Nothing is said about a connection lost for less than this. */
const QUIET_MS = 5000;
const BANNER_MS = 15_000;
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

/** Draws again as time passes while the connection is lost. */
export function useConnection(): Connection {
  const status = useLiveStatus();
  const [, tick] = useState(0);
  useEffect(() => {
    if (status.lostAt === undefined) return;
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [status.lostAt]);
  return connectionOf(status, Date.now());
}

/** Of when the values are: the time of day, with the date where that is not enough. */
export function momentOf({ frameNow }: LiveStatus, age: number, time: TimeFormat): string {
  return age < CLOCK_ENOUGH_MS ? time.clockSeconds(frameNow) : time.dateTime(frameNow);
}

/** "Showing values of 10:46:12": only after a quarter of a minute, or at once on a page that was kept. */
export function StaleBanner() {
  const connection = useConnection();
  const status = useLiveStatus();
  const { live } = useApp();
  const { t, time } = useFormats();
  if (connection !== "stale") return null;
  const age = Date.now() - status.frameAt;
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
