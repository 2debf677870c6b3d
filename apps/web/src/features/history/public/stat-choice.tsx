import type { MetricStat } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import { Segmented } from "#ui/segmented.tsx";
import type { Range } from "./ranges.ts";

const STATS = ["avg", "max"] as const satisfies readonly MetricStat[];

/** Points of these are as close as samples are kept: each is its own maximum. */
const FINE: ReadonlySet<Range> = new Set(["live", "1h", "24h"]);

/** What a point shows by the address, where there is a difference. */
export function useStat(range: Range): MetricStat {
  const [search] = useSearchState();
  return FINE.has(range) ? "avg" : (oneOf(search["stat"], STATS) ?? "avg");
}

/** Whether a point shows the mean of its time or the highest half minute in it, which a mean over hours hides. */
export function StatChoice({ range }: { readonly range: Range }) {
  const { t } = useFormats();
  const [, change] = useSearchState();
  const stat = useStat(range);
  return (
    <Segmented
      label={t("stat.label")}
      value={stat}
      onChange={(next) => change({ stat: next === "avg" ? "" : next })}
      segments={STATS.map((value) => ({
        value,
        label: t(`stat.${value}`),
        ...(value !== stat && FINE.has(range) ? { locked: t("stat.fine") } : {}),
      }))}
    />
  );
}
