import { Clock } from "lucide-react";
import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import type { Plan } from "./plan.ts";

/** Days before a renewal from which it is marked. */
export const RENEWAL_WARN_DAYS = 10;

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
