import { ArrowDown, ArrowLeftRight, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import { momentOf, useConnection } from "#shell/connection.tsx";
import { useLiveStatus } from "#shell/live-hooks.ts";
import { ClockText } from "#ui/clock-text.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { Health } from "../shared/health.ts";
import type { FleetSums } from "./list-model.ts";

/** From this size on the headline says out of how many. */
const LARGE_FLEET = 100;

/** What a person would say about the fleet, worst thing first. */
export function headline({ t, number }: Formats, { byHealth, total }: FleetSums): { readonly text: string; readonly worst: Health } {
  const parts = (["offline", "critical", "warn"] as const).filter((health) => byHealth[health] > 0);
  const [worst, second] = parts;
  if (worst === undefined) {
    // Who has not been heard is not up.
    const { waiting } = byHealth;
    return waiting === 0
      ? { text: t("say.allUp", { count: total }), worst: "up" }
      : { text: t("say.waiting", { count: waiting, total: number.count(total) }), worst: "waiting" };
  }
  const size = total >= LARGE_FLEET ? "Of" : "";
  const first = t(`say.${worst}${size}`, { count: byHealth[worst], total: number.count(total) });
  if (second === undefined) return { text: first, worst };
  return { text: t("say.both", { first, second: t(`say.then.${second}`, { count: byHealth[second] }) }), worst };
}

export function Statement({ sums, services }: { readonly sums: FleetSums; readonly services: { up: number; total: number } }) {
  const formats = useFormats();
  const { t, number } = formats;
  const { text, worst } = headline(formats, sums);
  const { up } = sums.byHealth;
  const isOfNow = useConnection() !== "stale";
  return (
    <section
      aria-labelledby="statement"
      className="server-overview grid grid-cols-[minmax(0,1fr)_auto] items-end gap-x-8 gap-y-4 pt-8 pb-5 max-lg:grid-cols-1 max-sm:pt-5"
    >
      <div>
        <h1
          id="statement"
          className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-3 text-2xl tracking-tight text-balance max-sm:text-[1.375rem]"
        >
          <StateIcon state={isOfNow ? worst : "waiting"} className="mt-0.5 size-6!" />
          {isOfNow ? text : <AsOf said={text} />}
        </h1>
        <p className="mt-2 text-ink-2 tabular-nums">
          {worst === "up" ? null : `${t("say.fine", { count: up, total: number.count(sums.total) })} `}
          {services.total === 0 ? null : `${t("say.services", { count: services.up, total: number.count(services.total) })} `}
          <Freshness />
        </p>
      </div>
      <dl className="flex gap-6 max-sm:justify-between max-sm:gap-4">
        <Figure icon={<ArrowDown />} label={t("figure.receiving")} value={number.rate(sums.receiving)} />
        <Figure icon={<ArrowUp />} label={t("figure.sending")} value={number.rate(sums.sending)} />
        <Figure
          icon={<ArrowLeftRight />}
          label={t("figure.transferred")}
          value={number.bytes(sums.transferred)}
          title={t("figure.transferredHelp")}
        />
      </dl>
    </section>
  );
}

/** What was true when the connection was lost, and when that was. */
function AsOf({ said }: { readonly said: string }) {
  const { t, time } = useFormats();
  const status = useLiveStatus();
  return t("say.asOf", { time: momentOf(status, Date.now() - status.frameAt, time), said });
}

function Freshness() {
  const { t, time } = useFormats();
  const { frameNow } = useLiveStatus();
  const connection = useConnection();
  if (connection === "connecting") return t("live.connecting");
  if (connection !== "live") return t("live.reconnecting");
  return <ClockText text={t("live.at", { time: time.clockSeconds(frameNow) })} />;
}

function Figure(props: { readonly icon: ReactNode; readonly label: string; readonly value: string; readonly title?: string }) {
  return (
    <div title={props.title}>
      <dt className="flex items-center gap-1 text-xs text-ink-3 [&_svg]:size-3">
        {props.icon}
        {props.label}
      </dt>
      <dd className="min-w-[5.4em] text-lg tabular-nums font-medium whitespace-nowrap max-sm:text-md">{props.value}</dd>
    </div>
  );
}
