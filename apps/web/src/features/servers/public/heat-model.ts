export const HEAT_METRICS = ["cpu", "memory", "disk"] as const;
export type HeatMetric = (typeof HEAT_METRICS)[number];

/** Upper ends of the steps of the ramp, in percent. */
const STEPS = [10, 25, 45, 65, 82] as const;
export const RAMP = ["var(--heat-0)", "var(--heat-1)", "var(--heat-2)", "var(--heat-3)", "var(--heat-4)", "var(--heat-5)"] as const;

export function heatStep(percent: number): number {
  const step = STEPS.findIndex((end) => percent < end);
  return step === -1 ? STEPS.length : step;
}
