import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useApp } from "#shell/app-context.tsx";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Card } from "#ui/card.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-store.ts";
import { useAvailability } from "../../history/public/use-availability.ts";

const DAYS = ["1", "7", "30", "90"] as const;

/** When a server was away: the share of the time it was there, and each time it was not. */
export function EventsTab({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const [search, change] = useSearchState();
  const days = oneOf(search["days"], DAYS) ?? "30";
  const availability = useAvailability(record.id, days);
  const percent = availability?.percent ?? undefined;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg tabular-nums">
          {percent === undefined ? t("events.unknown") : t("events.there", { percent: number.uptime(percent) })}
        </h2>
        <Segmented
          label={t("range.label")}
          value={days}
          onChange={(next) => change({ days: next === "30" ? "" : next })}
          segments={DAYS.map((value) => ({ value, label: t("unit.day", { value: number.count(Number(value)) }) }))}
        />
      </div>
      {percent === undefined ? null : <Times offline={availability?.offline ?? []} />}
    </div>
  );
}

function Times({ offline }: { readonly offline: readonly { readonly from: string; readonly to?: string | undefined }[] }) {
  const { t, time } = useFormats();
  const { store } = useApp().live;
  if (offline.length === 0) return <p className="text-ink-2">{t("events.none")}</p>;
  return (
    <Card>
      <ul>
        {offline.map(({ from, to }) => {
          const begin = parseTime(from) ?? 0;
          const end = parseTime(to);
          const length = time.duration((end ?? store.serverNow()) - begin);
          return (
            <li key={from} className="flex items-center gap-3 border-b border-line px-4 py-2.5 text-sm last:border-0">
              <StateIcon state="offline" />
              <span className="min-w-0 flex-1" title={time.full(begin)}>
                {time.dateTime(begin)}
              </span>
              <span className="text-ink-2 tabular-nums">{t(end === undefined ? "events.lasts" : "events.offline", { time: length })}</span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
