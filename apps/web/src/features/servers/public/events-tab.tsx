import { Network, RotateCcw, Tag } from "lucide-react";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { useSignedIn } from "#shell/public-data.tsx";
import { Card } from "#ui/card.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { useAvailability } from "../../history/public/use-availability.ts";
import { serverEvents } from "./server-events.ts";
import type { ServerEvent } from "./server-events.ts";
import { useEventSources } from "./use-events.ts";

const DAYS = ["1", "7", "30", "90"] as const;
const MOST_SHOWN = 200;

const OFFLINE = ["offline", { lasts: "events.lasts", over: "events.offline" }] as const;
const PLANNED = ["maintenance", { lasts: "events.plannedLasts", over: "events.planned" }] as const;

/** What happened to a server: when it was away, or worked on, when its host was restarted, what failed and what became of its agent, as far as the reader may know. */
export function EventsTab({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const [search, change] = useSearchState();
  const days = oneOf(search["days"], DAYS) ?? "30";
  const guest = !useSignedIn();
  const availability = useAvailability(record.id, days);
  const sources = useEventSources(record.id, days, guest);
  const events = useMemo(
    () => serverEvents({ offline: availability?.offline ?? [], planned: availability?.planned ?? [], ...sources }).slice(0, MOST_SHOWN),
    [availability, sources],
  );
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
      {events.length > 0 ? <Events events={events} /> : percent === undefined ? null : <p className="text-ink-2">{t("events.quiet")}</p>}
    </div>
  );
}

function Events({ events }: { readonly events: readonly ServerEvent[] }) {
  const { time } = useFormats();
  return (
    <Card>
      <ul>
        {events.map((event) => (
          <li
            key={`${event.kind} ${event.from} ${event.kind === "incident" ? event.incident.id : ""}`}
            className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line px-4 py-2.5 text-sm last:border-0 max-sm:grid-cols-[auto_minmax(0,1fr)]"
          >
            <What event={event} />
            <span className="text-ink-2 tabular-nums max-sm:col-start-2" title={time.full(event.from)}>
              {time.dateTime(event.from)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function What({ event }: { readonly event: ServerEvent }): ReactNode {
  const { t, time } = useFormats();
  const { store } = useApp().live;
  if (event.kind === "restart") {
    return (
      <>
        <RotateCcw className="size-3.5 text-ink-3" aria-hidden="true" />
        <span>{t("events.restarted")}</span>
      </>
    );
  }
  if ("change" in event) {
    const { from, to } = event.change;
    return (
      <>
        {event.kind === "version" ? (
          <Tag className="size-3.5 text-ink-3" aria-hidden="true" />
        ) : (
          <Network className="size-3.5 text-ink-3" aria-hidden="true" />
        )}
        {/* Addresses stay in the console: this page is looked at with others. */}
        <span className="min-w-0 wrap-anywhere">{event.kind === "version" ? t("events.version", { from, to }) : t("events.moved")}</span>
      </>
    );
  }
  const length = time.duration((event.to ?? store.serverNow()) - event.from);
  if (!("incident" in event)) {
    const [state, words] = event.kind === "offline" ? OFFLINE : PLANNED;
    return (
      <>
        <StateIcon state={state} />
        <span>{t(event.to === undefined ? words.lasts : words.over, { time: length })}</span>
      </>
    );
  }
  const { id, title, severity } = event.incident;
  return (
    <>
      <StateIcon
        state={severity === "critical" ? "critical" : "warn"}
        label={t(severity === "critical" ? "state.critical" : "state.warn")}
      />
      <span className="min-w-0 wrap-anywhere">
        <a href={`/dashboard/incident/${id}`}>{title}</a>{" "}
        <span className="text-ink-2">{t(event.to === undefined ? "events.open" : "events.took", { time: length })}</span>
      </span>
    </>
  );
}
