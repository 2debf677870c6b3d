import type { AlertDryRun } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";

/** Whatever is shorter is drawn as wide, in percent of the strip: it would not be seen. */
const LEAST_WIDTH = 0.4;

interface StripProps {
  readonly server: AlertDryRun["servers"][number];
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** When a rule would have failed on a server, in milliseconds. */
export function firingSpans({ firings }: StripProps["server"], to: number): { readonly from: number; readonly to: number }[] {
  return firings.map((firing) => ({ from: Date.parse(firing.from), to: firing.to === undefined ? to : Date.parse(firing.to) }));
}

/** The time that was tried as a line, with each stretch in which the rule would have fired. */
export function FiringStrip({ server, from, to }: StripProps) {
  const { t, number, time } = useFormats();
  const span = Math.max(1, to - from);
  const share = (at: number) => Math.min(100, Math.max(0, ((at - from) / span) * 100));
  const bars = firingSpans(server, to).map(({ from: begin, to: end }) => {
    const left = share(begin);
    return {
      key: begin,
      left,
      width: Math.max(LEAST_WIDTH, share(end) - left),
      title: `${time.dateTime(begin)}, ${time.duration(end - begin)}`,
    };
  });
  return (
    <>
      <span className="flex items-baseline justify-between gap-3">
        <b className="truncate font-medium">{server.server_name}</b>
        <span className="whitespace-nowrap text-ink-2">{server.fired === 0 ? "–" : t("alerts.times", { count: server.fired })}</span>
      </span>
      <span
        role="img"
        aria-label={[server.server_name, ...bars.map(({ title }) => title)].join("; ")}
        className="relative block h-2.5 overflow-hidden rounded-cell bg-(--meter-track)"
      >
        {bars.map(({ key, left, width, title }) => (
          <i key={key} title={title} className="absolute inset-y-0 bg-crit" style={{ insetInlineStart: `${left}%`, width: `${width}%` }} />
        ))}
      </span>
      {server.known > 99 ? null : (
        <span className="text-xs text-ink-3">{t("alerts.known", { percent: number.percent(server.known) })}</span>
      )}
    </>
  );
}
