import type { AlertConditionFormInput, AlertDryRun, Period, ServerMetrics } from "@windfire/api";
import { useQueries } from "@tanstack/react-query";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { read, useServerRows } from "#shell/console/queries.ts";
import { Skeleton } from "#ui/skeleton.tsx";
import { valueText } from "./condition-text.ts";
import { firingSpans } from "./firing-strip.tsx";
import { comparedPoints, ruleMetricOf } from "./rule-metrics.ts";
import type { MetricPoint, RuleMetric } from "./rule-metrics.ts";
import { SampleChart } from "./sample-chart.tsx";

/** Milliseconds between stored points (spec 11 section 5). */
const STEPS: Readonly<Record<Period, number>> = { "1d": 30_000, "7d": 1_800_000, "30d": 7_200_000 };

interface FiringChartsProps {
  readonly server: AlertDryRun["servers"][number];
  readonly conditions: readonly AlertConditionFormInput[];
  readonly period: Period;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** What the conditions of a rule look at, as it was on one server: a chart for each, with its limit and when the rule would have fired. */
export function FiringCharts({ server, conditions, ...rest }: FiringChartsProps) {
  const drawn = conditions.flatMap((condition) => {
    const metric = ruleMetricOf(condition.type ?? "");
    return metric === undefined ? [] : [{ condition, metric }];
  });
  // The same figure with two limits is drawn with each of them.
  return drawn.map((one, index) => <FiringChart key={`${index} ${one.condition.type}`} server={server} {...one} {...rest} />);
}

/** A server that is newer than the time that was tried fills its chart all the same. */
const fittedStart = ([first]: readonly MetricPoint[], from: number, to: number): number =>
  first !== undefined && first.ts - from > (to - from) / 4 ? first.ts : from;

function FiringChart(
  props: Omit<FiringChartsProps, "conditions"> & { readonly condition: AlertConditionFormInput; readonly metric: RuleMetric },
) {
  const { server, condition, metric, period, from, to } = props;
  const formats = useFormats();
  const { t } = formats;
  const { api } = useApp();
  const host = useServerRows().rows.find(({ id }) => id === server.server_id)?.host;
  const { min = 0, max = 0, type = "" } = condition;
  // Of what is judged by a limit above it the highest half minute counts, or a peak would lie below the line that it crossed.
  const stat = max > 0 && min === 0 ? "max" : undefined;
  const answers = useQueries({
    queries: metric.metrics.map((name) => read<ServerMetrics>(api, `/server/${server.server_id}/metrics`, { metric: name, period, stat })),
  });
  if (answers.some(({ isPending }) => isPending)) return <Skeleton className="h-44 w-full" />;
  const lists = answers.map(({ data }) => data?.data_points ?? []);
  const points = comparedPoints(metric, lists, host).filter(({ ts }) => ts >= from && ts <= to);
  if (points.length < 2) return null;
  return (
    <SampleChart
      title={`${t(`alerts.types.${type}`)}, ${server.server_name}`}
      points={points}
      from={fittedStart(points, from, to)}
      to={to}
      step={STEPS[period]}
      min={min}
      max={max}
      spans={firingSpans(server, to)}
      text={(value) => valueText(formats, type, value)}
    />
  );
}
