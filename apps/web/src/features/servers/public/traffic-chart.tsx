import type { ServerTraffic } from "@windfire/api";
import { ArrowDown, ArrowUp, ChartColumn, Table } from "lucide-react";
import { useMemo, useState } from "react";
import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import { IconButton } from "#ui/button.tsx";
import { trafficBars } from "./traffic-model.ts";
import type { TrafficBar, TrafficBars } from "./traffic-model.ts";

interface ChartProps {
  readonly traffic: ServerTraffic;
  /** Unix milliseconds: what ended before is left out. */
  readonly begin?: number;
}

/** What was received and sent, a bar for each hour or day, and the same in numbers. */
export function TrafficChart({ traffic, begin }: ChartProps) {
  const formats = useFormats();
  const { t, number } = formats;
  const [asTable, setAsTable] = useState(false);
  const shown = trafficBars(traffic, begin);
  const dayName = useDayName(traffic.zone);
  const when = ({ from }: TrafficBar) => (traffic.step === "hour" ? formats.time.dateTime(from) : dayName(from));
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm tabular-nums">
        <Sum colour="var(--c1)" word={t("figure.receiving")} bytes={number.bytes(shown.received)}>
          <ArrowDown className="size-3 text-ink-3" aria-hidden="true" />
        </Sum>
        <Sum colour="var(--c2)" word={t("figure.sending")} bytes={number.bytes(shown.sent)}>
          <ArrowUp className="size-3 text-ink-3" aria-hidden="true" />
        </Sum>
        <span className="flex-1" />
        <IconButton label={t(asTable ? "chart.asChart" : "chart.asTable")} onClick={() => setAsTable(!asTable)}>
          {asTable ? <ChartColumn className="size-3.5" aria-hidden="true" /> : <Table className="size-3.5" aria-hidden="true" />}
        </IconButton>
      </p>
      {asTable ? <Numbers shown={shown} when={when} /> : <Bars shown={shown} when={when} />}
    </div>
  );
}

/** Days are those of the dashboard's zone: anywhere else they would have another name. */
function useDayName(timeZone: string): (at: number) => string {
  const { language } = useFormats();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language, { timeZone, weekday: "short", day: "numeric", month: "short" });
    return (at) => format.format(at);
  }, [language, timeZone]);
}

function Sum(props: { readonly colour: string; readonly word: string; readonly bytes: string; readonly children: React.ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5" title={props.word}>
      <i className="forced-color-adjust-none size-2.5 rounded-[2px]" style={{ background: props.colour }} aria-hidden="true" />
      {props.children}
      <span className="sr-only">{props.word}</span>
      {props.bytes}
    </span>
  );
}

interface ShownProps {
  readonly shown: TrafficBars;
  readonly when: (bar: TrafficBar) => string;
}

function Bars({ shown: { bars, received, sent, most }, when }: ShownProps) {
  const formats = useFormats();
  const { t, number } = formats;
  const [first, last] = [bars.at(0), bars.at(-1)];
  if (first === undefined || last === undefined) return null;
  const range = { from: when(first), to: when(last) };
  const label = t("traffic.summary", { ...range, received: number.bytes(received), sent: number.bytes(sent), most: number.bytes(most) });
  const height = (bytes: number) => `${most === 0 ? 0 : (bytes / most) * 100}%`;
  return (
    <div>
      <p className="text-2xs text-ink-3 tabular-nums" aria-hidden="true">
        {number.bytes(most)}
      </p>
      <div role="img" aria-label={label} className="flex h-36 items-end gap-[2px] border-t border-b border-line">
        {bars.map((bar) => (
          <span
            key={bar.from}
            title={barText(formats, bar, when(bar))}
            className={`forced-color-adjust-none flex h-full min-w-0 flex-1 flex-col justify-end ${bar.unknown ? "wf-hatch opacity-60" : "hover:bg-hover"}`}
          >
            <i className="bg-(--c2)" style={{ height: height(bar.sent) }} />
            <i className="bg-(--c1)" style={{ height: height(bar.received) }} />
          </span>
        ))}
      </div>
      <p className="flex justify-between gap-4 pt-1 text-2xs text-ink-3 tabular-nums" aria-hidden="true">
        <span>{range.from}</span>
        <span>{range.to}</span>
      </p>
    </div>
  );
}

function barText({ t, number }: Formats, bar: TrafficBar, time: string): string {
  if (bar.unknown) return t("traffic.notRecorded", { time });
  return t("traffic.bar", { time, received: number.bytes(bar.received), sent: number.bytes(bar.sent) });
}

function Numbers({ shown, when }: ShownProps) {
  const { t, number } = useFormats();
  return (
    <div className="max-h-64 overflow-y-auto" tabIndex={0} role="region" aria-label={t("chart.asTable")}>
      <table className="wf-table">
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            <th scope="col" className="end">
              {t("figure.receiving")}
            </th>
            <th scope="col" className="end">
              {t("figure.sending")}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.bars.map((bar) => (
            <tr key={bar.from}>
              <td>{when(bar)}</td>
              <td className="end">{bar.unknown ? "–" : number.bytes(bar.received)}</td>
              <td className="end">{bar.unknown ? "–" : number.bytes(bar.sent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
