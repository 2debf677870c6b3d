import { useFormats } from "#lib/formats.ts";
import { MeterBar } from "#ui/meter.tsx";
import { levelOf } from "../shared/health.ts";
import { priceText, Renewal } from "../shared/plan-text.tsx";
import type { Plan } from "../shared/plan.ts";

/** Traffic of a running cycle (alert rules of the kind `*_cycle`). */
export interface CycleTraffic {
  readonly name: string;
  readonly used: number;
  /** Bytes; 0 when the rule has no upper limit. */
  readonly limit: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The last row of a card: traffic of the cycle, price, days left. */
export function PlanLine({
  plan,
  traffic,
  total,
}: {
  readonly plan: Plan | undefined;
  readonly traffic: CycleTraffic | undefined;
  readonly total: number;
}) {
  const formats = useFormats();
  const price = plan === undefined ? "" : priceText(formats, plan);
  return (
    <div className="mt-auto flex min-h-7 items-center justify-between gap-3 border-t border-line pt-2 text-xs whitespace-nowrap text-ink-2 tabular-nums">
      <span className="inline-flex min-w-0 items-center gap-1.5 truncate">
        <Traffic traffic={traffic} total={total} />
      </span>
      <span className="inline-flex items-center gap-1">
        {price}
        {price !== "" && plan?.days !== undefined ? <span aria-hidden="true">·</span> : null}
        {plan === undefined ? null : <Renewal plan={plan} />}
      </span>
    </div>
  );
}

function Traffic({ traffic, total }: { readonly traffic: CycleTraffic | undefined; readonly total: number }) {
  const { t, number } = useFormats();
  if (traffic === undefined) return t("traffic.sinceStart", { used: number.bytes(total) });
  if (traffic.limit === 0) return t("traffic.cycle", { used: number.bytes(traffic.used) });
  const percent = (traffic.used / traffic.limit) * 100;
  return (
    <span className="inline-flex items-center gap-1.5" title={traffic.name}>
      <MeterBar value={percent} level={levelOf(percent)} className="w-12" />
      {t("traffic.of", { used: number.bytes(traffic.used), limit: number.bytesShort(traffic.limit) })}
    </span>
  );
}
