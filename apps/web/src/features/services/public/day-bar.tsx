import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import type { Day, DayKind } from "../shared/service-model.ts";

const DAY_MS = 86_400_000;

/** Worse days are also shorter, so that colour is not alone. */
const LOOK: Readonly<Record<DayKind, string>> = {
  none: "h-full bg-(--meter-track)",
  fine: "h-full bg-ok opacity-50",
  shaky: "h-[72%] bg-warn",
  bad: "h-[45%] bg-crit",
};

/** 30 days, today at the end. */
export function DayBar({ days, now, name }: { readonly days: readonly Day[]; readonly now: number; readonly name: string }) {
  const formats = useFormats();
  return (
    <div role="img" aria-label={summary(formats, days, name)} className="flex h-5.5 items-end gap-[3px]">
      {days.map((day, i) => (
        <i
          key={i}
          title={dayText(formats, day, now - (days.length - 1 - i) * DAY_MS, now)}
          className={`forced-color-adjust-none min-w-0.5 flex-1 rounded-[2px] ${LOOK[day.kind]} ${i < days.length - 20 ? "max-sm:hidden" : ""}`}
        />
      ))}
    </div>
  );
}

function summary({ t }: Formats, days: readonly Day[], name: string): string {
  const measured = days.filter((day) => day.kind !== "none").length;
  const failing = days.filter((day) => day.kind === "shaky" || day.kind === "bad").length;
  if (measured === 0) return t("days.none", { name });
  return failing === 0 ? t("days.fine", { name, count: measured }) : t("days.failing", { name, count: failing, measured });
}

function dayText({ t, number, time }: Formats, day: Day, at: number, now: number): string {
  const date = time.date(at, now);
  if (day.kind === "none") return t("days.noData", { date });
  const uptime = number.uptime((day.up / (day.up + day.down)) * 100);
  const delay = day.delay === undefined ? "–" : number.milliseconds(day.delay);
  return t("days.day", { date, uptime, delay, failed: number.count(day.down) });
}
