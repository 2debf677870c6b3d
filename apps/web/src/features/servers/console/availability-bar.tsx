import type { ServerAvailability } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";

type Day = ServerAvailability["by_day"][number];

/** Percent of a day that was there, of what is known of it; `undefined` when nothing is. */
function shareOf({ online_seconds: there, offline_seconds: away }: Day): number | undefined {
  return there + away === 0 ? undefined : (there / (there + away)) * 100;
}

/** A cell a day, oldest first: a day with time away is shorter and marked, one of which nothing is known is grey. */
export function AvailabilityBar({ days }: { readonly days: readonly Day[] }) {
  const { t, number, time } = useFormats();
  const texts = days.map((day) => {
    const share = shareOf(day);
    const at = Date.parse(`${day.day}T12:00:00Z`);
    return t("availability.day", { day: time.date(at, Date.now()), percent: share === undefined ? "–" : number.uptime(share) });
  });
  return (
    <div role="img" aria-label={texts.join(", ")} className="flex h-8 items-end gap-px">
      {days.map((day, i) => {
        const share = shareOf(day);
        const kind = share === undefined ? "none" : share === 100 ? "fine" : share >= 99 ? "shaky" : "bad";
        return <span key={day.day} title={texts[i]} className={`min-w-0 flex-1 rounded-cell ${CELLS[kind]}`} />;
      })}
    </div>
  );
}

const CELLS = { none: "h-full bg-line", fine: "h-full bg-ok", shaky: "h-3/4 bg-warn", bad: "h-1/2 bg-crit" } as const;
