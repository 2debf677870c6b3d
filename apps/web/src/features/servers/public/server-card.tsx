import { ArrowDown, ArrowUp } from "lucide-react";
import { memo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useServerRecord } from "#shell/live-hooks.ts";
import { Link } from "#shell/public-link.tsx";
import { ClockText } from "#ui/clock-text.tsx";
import { Flag } from "#ui/flag.tsx";
import { LEVEL_TEXT, MeterBar } from "#ui/meter.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, levelOf, LIMIT_VALUES, usageOf } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { NetworkLine } from "../shared/network-line.tsx";
import { parsePlan } from "../shared/plan.ts";
import { systemName } from "../shared/system-name.ts";
import type { CycleTraffic } from "./plan-line.tsx";
import { PlanLine } from "./plan-line.tsx";

/** One server: the whole card is the link. */
export const ServerCard = memo(function ServerCard({ id, traffic }: { readonly id: number; readonly traffic: CycleTraffic | undefined }) {
  const { t, country } = useFormats();
  const { store } = useApp().live;
  const record = useServerRecord(id);
  if (record === undefined) return null;
  const health = healthOf(record);
  const plan = parsePlan(record.note, store.serverNow());
  const plain = plan === undefined && record.note !== "" && !record.note.trimStart().startsWith("{") ? record.note : "";
  const total = (record.state.net_in_transfer ?? 0) + (record.state.net_out_transfer ?? 0);
  return (
    <article className="wf-card relative flex min-h-48.5 flex-col gap-2.5 px-4 pt-3.5 pb-3 transition-colors duration-(--fast) [contain-intrinsic-size:auto_12.125rem] [content-visibility:auto] hover:border-control has-[h2_a:focus-visible]:outline-2 has-[h2_a:focus-visible]:outline-offset-2 has-[h2_a:focus-visible]:outline-focus max-sm:min-h-0">
      <div className="flex items-center gap-2">
        <StateIcon state={health} label={healthWord(t, health)} />
        <h2 className="min-w-0 flex-1 truncate text-[0.9375rem]">
          <Link to={`/server/${id}`} className="text-ink after:absolute after:inset-0 hover:no-underline focus-visible:outline-none">
            {record.name}
          </Link>
        </h2>
        <Flag code={record.country} name={country(record.country)} />
      </div>
      <ServerFacts record={record} />
      {plain === "" ? null : <p className="truncate text-xs text-ink-2">{plain}</p>}
      <PlanLine plan={plan} traffic={traffic} total={total} />
    </article>
  );
});

/** System and uptime, then the figures, or why there are none. */
export function ServerFacts({ record }: { readonly record: LiveRecord }) {
  return (
    <>
      <Meta record={record} />
      {record.online ? <Figures record={record} /> : <Gone record={record} />}
    </>
  );
}

function Meta({ record }: { readonly record: LiveRecord }) {
  const { t, time } = useFormats();
  const { store } = useApp().live;
  const { online, lastSeen, state } = record;
  const seen = lastSeen === undefined ? "" : t("server.lastSeen", { time: time.moment(lastSeen, store.serverNow()) });
  const text = online ? t("server.up", { time: time.duration((state.uptime ?? 0) * 1000) }) : seen;
  return (
    <p className="-mt-1.5 flex justify-between gap-2 text-xs whitespace-nowrap text-ink-3 tabular-nums">
      <span className="truncate">{systemName(record.host)}</span>
      <span>{online ? text : <ClockText text={text} />}</span>
    </p>
  );
}

/** What is known about a server that does not report, in place of its meters. */
function Gone({ record }: { readonly record: LiveRecord }) {
  const { t, time } = useFormats();
  const { store } = useApp().live;
  const waiting = healthOf(record) === "waiting";
  const since =
    record.lastSeen === undefined
      ? t("state.offline")
      : t("server.offlineFor", { time: time.duration(store.serverNow() - record.lastSeen) });
  return (
    <p className="rounded-control bg-off-soft px-2.5 py-2 text-sm text-off-text">
      <b className="text-ink">{waiting ? t("state.waiting") : since}</b> {waiting ? t("server.waitingHelp") : t("server.offlineHelp")}
    </p>
  );
}

function Figures({ record }: { readonly record: LiveRecord }) {
  const { t } = useFormats();
  const usage = usageOf(record);
  return (
    <>
      <dl className="grid grid-cols-3 gap-4">
        <Reading label={t("metric.cpu")} value={usage.cpu} level={record.cpuMean} />
        <Reading label={t("metric.memoryShort")} value={usage.memory} level={usage.memory} />
        <Reading label={t("metric.disk")} value={usage.disk} level={usage.disk} />
      </dl>
      <Network record={record} />
    </>
  );
}

function Reading(props: { readonly label: string; readonly value: number | undefined; readonly level: number | undefined }) {
  const { t, number } = useFormats();
  const level = levelOf(props.level);
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-1 gap-y-0.75 leading-5">
      <dt className="text-xs text-ink-3">{props.label}</dt>
      <dd className={`inline-flex items-center gap-0.5 text-sm font-medium tabular-nums ${LEVEL_TEXT[level]}`}>
        {level === "normal" ? null : <StateIcon state={level} label={t(`state.${level}`)} className="size-3" />}
        {props.value === undefined ? "–" : number.percent(props.value, LIMIT_VALUES)}
      </dd>
      <dd className="col-span-full">
        <MeterBar value={props.value ?? 0} level={level} />
      </dd>
    </div>
  );
}

function Network({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_5.6rem_5.6rem] items-center gap-1 text-sm tabular-nums">
      <NetworkLine id={record.id} className="h-6 w-full" />
      <span className="flex items-center justify-end gap-1 whitespace-nowrap">
        <ArrowDown className="size-3 text-ink-3" aria-hidden="true" />
        <span className="sr-only">{t("figure.receiving")}</span>
        {number.rate(record.state.net_in_speed ?? 0)}
      </span>
      <span className="flex items-center justify-end gap-1 whitespace-nowrap">
        <ArrowUp className="size-3 text-ink-3" aria-hidden="true" />
        <span className="sr-only">{t("figure.sending")}</span>
        {number.rate(record.state.net_out_speed ?? 0)}
      </span>
    </div>
  );
}
