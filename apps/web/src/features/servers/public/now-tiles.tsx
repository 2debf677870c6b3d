import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { useRing } from "#shell/live-hooks.ts";
import { usePublicSite } from "#shell/public-data.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { MeterBar } from "#ui/meter.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import type { LiveRecord } from "#wire/live-record.ts";
import { levelOf, LIMIT_VALUES, usageOf } from "../shared/health.ts";
import { cycleTraffic } from "./cycle-traffic.ts";

/** The five figures of a server as they are now. */
export function NowTiles({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const { host, state, online } = record;
  const usage = usageOf(record);
  const load = [state.load_1, state.load_5, state.load_15].map((value) => number.significant(value ?? 0)).join(" · ");
  const of = (used: number | undefined, total: number | undefined) =>
    total === undefined ? "" : t("detail.of", { used: number.bytes(used ?? 0), total: number.bytesShort(total) });
  return (
    <dl className={`wf-card mb-4 grid grid-cols-5 max-lg:grid-cols-3 max-sm:grid-cols-2 ${online ? "" : "wf-past"}`}>
      <MeterTile label={t("metric.cpu")} percent={usage.cpu} judged={record.cpuMean} caption={online ? t("detail.load", { load }) : ""} />
      <MeterTile
        label={t("metric.memory")}
        percent={usage.memory}
        judged={usage.memory}
        caption={online ? of(state.mem_used, host.mem_total) : ""}
      />
      <MeterTile
        label={t("metric.disk")}
        percent={usage.disk}
        judged={usage.disk}
        caption={online ? of(state.disk_used, host.disk_total) : ""}
      />
      <NetworkTile record={record} />
      <TrafficTile record={record} />
    </dl>
  );
}

function Tile({ label, children, caption }: { readonly label: string; readonly children: ReactNode; readonly caption: string }) {
  return (
    <div className="grid content-start gap-1.5 border-line px-4 py-3 not-first:border-s max-lg:nth-4:border-s-0 max-lg:nth-[n+4]:border-t max-lg:last:col-span-2 max-sm:nth-[n+3]:border-t max-sm:odd:border-s-0 max-sm:even:border-s">
      <dt className="text-xs text-ink-3">{label}</dt>
      {children}
      <dd className="truncate text-xs text-ink-3 tabular-nums">{caption === "" ? "\u00a0" : caption}</dd>
    </div>
  );
}

const BIG = "flex items-center gap-1.5 text-xl font-medium tracking-tight whitespace-nowrap tabular-nums";

function MeterTile(props: {
  readonly label: string;
  readonly percent: number | undefined;
  readonly judged: number | undefined;
  readonly caption: string;
}) {
  const { t, number } = useFormats();
  const level = props.percent === undefined ? "normal" : levelOf(props.judged);
  return (
    <Tile label={props.label} caption={props.caption}>
      <dd className={BIG}>
        {level === "normal" ? null : <StateIcon state={level} label={t(`state.${level}`)} />}
        {props.percent === undefined ? "–" : number.percent(props.percent, LIMIT_VALUES)}
      </dd>
      <dd>
        <MeterBar value={props.percent ?? 0} level={level} />
      </dd>
    </Tile>
  );
}

function NetworkTile({ record }: { readonly record: LiveRecord }) {
  const { t, number } = useFormats();
  const { ring } = useRing(record.id);
  const down = ring?.values("netIn") ?? [];
  const highest = Math.max(0, ...down, ...(ring?.values("netOut") ?? []));
  const rates = [
    { key: "in", Icon: ArrowDown, word: t("figure.receiving"), value: record.state.net_in_speed ?? 0 },
    { key: "out", Icon: ArrowUp, word: t("figure.sending"), value: record.state.net_out_speed ?? 0 },
  ];
  return (
    <Tile label={t("metric.network")} caption={record.online && down.length > 1 ? t("detail.highest", { rate: number.rate(highest) }) : ""}>
      <dd className="flex min-h-7 flex-wrap items-center gap-x-3">
        {rates.map(({ key, Icon, word, value }) => (
          <span key={key} className={`${BIG} gap-1! text-lg!`}>
            <Icon className="size-4 text-ink-3" aria-hidden="true" />
            <span className="sr-only">{word}</span>
            {record.online ? number.bytesMeasure(value).value : "–"}
            <span className="text-xs text-ink-2">{record.online ? `${number.bytesMeasure(value).unit}/s` : ""}</span>
          </span>
        ))}
      </dd>
      <dd className="h-[5px]" aria-hidden="true" />
    </Tile>
  );
}

function TrafficTile({ record }: { readonly record: LiveRecord }) {
  const { t, number, time } = useFormats();
  const cycle = cycleTraffic(useResource(usePublicSite().services).data).get(record.id);
  const { net_in_transfer: received = 0, net_out_transfer: sent = 0 } = record.state;
  const { value, unit } = number.bytesMeasure(cycle?.used ?? received + sent);
  const percent = cycle === undefined || cycle.limit === 0 ? undefined : (cycle.used / cycle.limit) * 100;
  const both = t("detail.inOut", { received: number.bytes(received), sent: number.bytes(sent) });
  const until = cycle?.to === undefined ? both : t("detail.cycleUntil", { name: cycle.name, date: time.dateTime(cycle.to) });
  return (
    <Tile label={cycle === undefined ? t("detail.traffic") : t("detail.cycle")} caption={until}>
      <dd className={BIG}>
        {value}
        <span className="text-sm text-ink-2">
          {percent === undefined ? unit : t("detail.unitOf", { unit, limit: number.bytesShort(cycle?.limit ?? 0) })}
        </span>
      </dd>
      <dd className="h-[5px]">{percent === undefined ? null : <MeterBar value={percent} level={levelOf(percent)} />}</dd>
    </Tile>
  );
}
