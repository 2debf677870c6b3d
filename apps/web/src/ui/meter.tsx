import { useFormats } from "#lib/formats.ts";
import { StateIcon } from "./state-icon.tsx";

export type MeterLevel = "normal" | "warn" | "critical";

/** The bar alone; the value stands beside it in words. */
export function MeterBar({
  value,
  level = "normal",
  className = "",
}: {
  readonly value: number;
  readonly level?: MeterLevel;
  readonly className?: string;
}) {
  return (
    <span className={`wf-meter ${className}`} data-level={level} aria-hidden="true">
      <i style={{ width: `${Math.min(100, Math.max(0, value))}%` }} />
    </span>
  );
}

export const LEVEL_TEXT: Readonly<Record<MeterLevel, string>> = { normal: "", warn: "text-warn-text", critical: "text-crit-text" };

/** Value, shape over a limit, and bar: the form of table cells. `undefined` is unknown. */
export function MeterCell({
  value,
  level = "normal",
  limits,
}: {
  readonly value: number | undefined;
  readonly level?: MeterLevel;
  readonly limits?: readonly number[];
}) {
  const { number, t } = useFormats();
  if (value === undefined) return <span className="inline-block w-(--meter-value) text-end text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center gap-2 tabular-nums">
      <b className={`inline-flex w-(--meter-value) items-center justify-end gap-1 ${LEVEL_TEXT[level]}`}>
        {level === "normal" ? null : <StateIcon state={level} label={t(`state.${level}`)} className="size-3" />}
        {number.percent(value, limits)}
      </b>
      <MeterBar value={value} level={level} className="w-10 max-md:hidden" />
    </span>
  );
}
