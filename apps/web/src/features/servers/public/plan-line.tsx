import { Clock } from "lucide-react";
import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import { MeterBar } from "#ui/meter.tsx";
import { levelOf } from "../shared/health.ts";
import type { Plan } from "../shared/plan.ts";

/** Days before a renewal from which it is marked. */
export const RENEWAL_WARN_DAYS = 10;

/** Traffic of a running cycle (alert rules of the kind `*_cycle`). */
export interface CycleTraffic {
  readonly name: string;
  readonly used: number;
  /** Bytes; 0 when the rule has no upper limit. */
  readonly limit: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export function priceText({ t }: Formats, plan: Plan): string {
  const { price } = plan;
  if (price === undefined) return "";
  if (price === "free" || price === "usage") return t(`plan.${price}`);
  return price.cycle === undefined ? price.amount : t(`plan.per.${price.cycle}`, { amount: price.amount });
}

export function renewalText({ t, number }: Formats, plan: Plan): string {
  if (plan.days === undefined) return "";
  if (plan.days === "never") return t("plan.never");
  return plan.days < 0 ? t("plan.expired", { value: number.count(-plan.days) }) : t("unit.day", { value: number.count(plan.days) });
}

export function isRenewalDue(plan: Plan): boolean {
  return typeof plan.days === "number" && plan.days < RENEWAL_WARN_DAYS;
}

export function Renewal({ plan }: { readonly plan: Plan }) {
  const text = renewalText(useFormats(), plan);
  if (!isRenewalDue(plan)) return text;
  return (
    <span className="inline-flex items-center gap-1 font-medium text-warn-text">
      <Clock className="size-3" aria-hidden="true" />
      {text}
    </span>
  );
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
