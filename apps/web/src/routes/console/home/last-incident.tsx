import type { Incident } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useRead } from "#shell/console/queries.ts";

/** Where nothing needs attention: what failed last, and when it was over. Nothing when nothing ever failed. */
export function LastIncident() {
  const { t, time } = useFormats();
  const last = useRead<Incident[] | null>("/incident", { open: "false", limit: 1 }).data?.[0];
  const at = parseTime(last?.ended_at);
  if (last === undefined || at === undefined) return null;
  return (
    <p className="text-sm">
      <Link to="/incident/$id" params={{ id: String(last.id) }} title={time.full(at)}>
        {t("home.last", { title: last.title, time: time.dateTime(at) })}
      </Link>
    </p>
  );
}
