import { useSyncExternalStore } from "react";
import { useApp } from "#shell/app-context.tsx";
import { useRing } from "#shell/live-hooks.ts";
import { Sparkline } from "#ui/sparkline.tsx";
import { lastHour } from "#wire/trends.ts";

/** No line is blown up beyond this, bytes per second. */
const LEAST_TOP = 10_000;

/** What went in and out in the last hour, together. */
export function NetworkLine({ id, className }: { readonly id: number; readonly className: string }) {
  const { live, trends } = useApp();
  const { ring } = useRing(id);
  const stored = () => trends.state().data;
  const values = lastHour("network", useSyncExternalStore(trends.subscribe, stored, stored), ring, id, live.store.status().frameNow);
  return <Sparkline values={values} top={scaleTop(values)} className={className} />;
}

/** 1, 2 or 5 with zeros: the scale stands still until the traffic is of another size. */
function scaleTop(values: readonly number[]): number {
  const highest = values.reduce((most, value) => (value > most ? value : most), LEAST_TOP);
  const size = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((by) => by * size).find((top) => top >= highest) ?? highest;
}
