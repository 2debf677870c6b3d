import type { ReactNode } from "react";
import { useEffect } from "react";
import { useFormats } from "#lib/formats.ts";
import { usesSingleKeys } from "#lib/single-keys.ts";
import { useApp } from "#shell/app-context.tsx";
import { isWriting } from "#shell/key-actions.ts";
import { usePublicSite } from "#shell/public-data.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { CustomRange } from "./custom-range.tsx";
import { isForMembers, RANGES } from "./ranges.ts";
import type { Range } from "./ranges.ts";
import type { ChartWindow } from "./chart-data.ts";

/** Why a range cannot be chosen; `undefined` when it can. */
function useLocks(): (range: Range) => string | undefined {
  const { t } = useFormats();
  const site = usePublicSite();
  const stored = useResource(site.setting).data?.tsdb_enabled !== false;
  const guest = useResource(site.profile).data === null;
  return (range) => {
    if (range === "live") return undefined;
    if (!stored) return t("range.noHistory");
    return guest && isForMembers(range) ? t("range.guest", { range: t(`range.${range}`) }) : undefined;
  };
}

/** The range of the address, as far as it may be seen; a day when nothing is said. */
export function useRange(ranges: readonly Range[] = RANGES): Range {
  const [search] = useSearchState();
  const lock = useLocks();
  const wanted = oneOf(search["range"], ranges) ?? "24h";
  if (lock(wanted) === undefined) return wanted;
  return lock("24h") === undefined ? "24h" : "live";
}

interface RangeBarProps {
  readonly range: Range;
  readonly ranges?: readonly Range[];
  readonly zoom: ChartWindow | undefined;
  /** What is drawn. */
  readonly shown: ChartWindow;
  readonly onReset: () => void;
  readonly children?: ReactNode;
}

/** Which stretch of time is shown; stays in sight. The keys from 1 on choose, 0 shows everything. */
export function RangeBar({ range, ranges = RANGES, zoom, shown, onReset, children }: RangeBarProps) {
  const { t, time } = useFormats();
  const [, change] = useSearchState();
  const lock = useLocks();
  const choose = (next: Range) => change({ range: next === "24h" ? "" : next, zoom: "" });
  useRangeKeys((key) => {
    const next = ranges[key - 1];
    if (key === 0) onReset();
    else if (next !== undefined && lock(next) === undefined) choose(next);
  });
  return (
    <div className="sticky top-14 z-10 flex flex-wrap items-center gap-x-3 gap-y-2 bg-canvas/94 py-3 backdrop-blur-md print:hidden">
      <Segmented
        label={t("range.label")}
        value={range}
        onChange={choose}
        segments={ranges.map((value) => {
          const locked = lock(value);
          return { value, label: t(`range.${value}`), ...(locked === undefined ? {} : { locked }) };
        })}
      />
      <span className="text-sm text-ink-2 tabular-nums max-sm:hidden">
        {range === "live" ? "" : t("range.window", { from: time.dateTime(shown.from), to: time.dateTime(shown.to) })}
      </span>
      <CustomRange open={ranges.filter((value) => lock(value) === undefined)} shown={shown} />
      <span className="flex-1" />
      {zoom === undefined ? null : (
        <Button size="small" onClick={onReset}>
          {t("range.reset")}
        </Button>
      )}
      {children}
    </div>
  );
}

function useRangeKeys(press: (key: number) => void): void {
  const { preferences } = useApp();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isWriting(event.target) || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
      if (!usesSingleKeys(preferences)) return;
      press(Number(event.key));
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  });
}
