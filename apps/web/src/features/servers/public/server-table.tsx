import { ArrowDown } from "lucide-react";
import { memo, useRef } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useServerRecord } from "#shell/live-hooks.ts";
import { Link } from "#shell/public-link.tsx";
import { Card } from "#ui/card.tsx";
import { ClockText } from "#ui/clock-text.tsx";
import { Flag } from "#ui/flag.tsx";
import { MeterCell } from "#ui/meter.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { useRowWindow } from "#ui/use-window.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, levelOf, LIMIT_VALUES, usageOf } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { parsePlan } from "../shared/plan.ts";
import { systemName } from "../shared/system-name.ts";
import type { Sort } from "./list-model.ts";
import type { CycleTraffic } from "./plan-line.tsx";
import { Renewal } from "../shared/plan-text.tsx";

const ROW = 40;

interface Column {
  readonly key: string;
  readonly label: string;
  readonly sort?: Sort;
  readonly className: string;
}

const COLUMNS: readonly Column[] = [
  { key: "server", label: "column.server", sort: "name", className: "" },
  { key: "system", label: "column.system", className: "wider" },
  { key: "up", label: "column.up", sort: "uptime", className: "end wider" },
  { key: "cpu", label: "metric.cpu", sort: "cpu", className: "metered" },
  { key: "memory", label: "metric.memory", sort: "memory", className: "metered" },
  { key: "disk", label: "metric.disk", sort: "disk", className: "wide metered" },
  { key: "receiving", label: "figure.receiving", sort: "receiving", className: "end" },
  { key: "sending", label: "figure.sending", sort: "sending", className: "end wide" },
  { key: "traffic", label: "column.traffic", className: "end wider" },
  { key: "renews", label: "column.renews", sort: "renewal", className: "end wider" },
];

interface TableProps {
  readonly ids: readonly number[];
  /** So many of them are drawn, where more are in sight. */
  readonly most: number;
  readonly sort: Sort;
  readonly traffic: ReadonlyMap<number, CycleTraffic>;
  readonly onSort: (sort: Sort) => void;
}

export function ServerTable({ ids, most, sort, traffic, onSort }: TableProps) {
  const { t } = useFormats();
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, end: seen } = useRowWindow(body, ids.length, ROW);
  const end = Math.min(seen, first + most);
  return (
    <Card scrolls label={t("list.table")} className="server-inline-list">
      <table className="wf-table">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column.key} scope="col" className={column.className} aria-sort={sortMark(column, sort)}>
                {column.sort === undefined ? (
                  t(column.label)
                ) : (
                  <button type="button" onClick={() => onSort(column.sort ?? "problems")}>
                    {t(column.label)}
                    {column.sort === sort ? <ArrowDown className="size-3" aria-hidden="true" /> : null}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer rows={first} />
          {ids.slice(first, end).map((id) => (
            <Row key={id} id={id} traffic={traffic.get(id)} />
          ))}
          <Spacer rows={ids.length - end} />
        </tbody>
      </table>
    </Card>
  );
}

function sortMark(column: Column, sort: Sort): "ascending" | "descending" | undefined {
  if (column.sort !== sort) return undefined;
  return sort === "name" || sort === "renewal" ? "ascending" : "descending";
}

function Spacer({ rows }: { readonly rows: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td colSpan={COLUMNS.length} style={{ height: rows * ROW }} />
    </tr>
  );
}

const Row = memo(function Row({ id, traffic }: { readonly id: number; readonly traffic: CycleTraffic | undefined }) {
  const { t, country } = useFormats();
  const record = useServerRecord(id);
  if (record === undefined) return null;
  const health = healthOf(record);
  return (
    <tr>
      <td>
        <span className="flex items-center gap-2">
          <StateIcon state={health} label={healthWord(t, health)} />
          <span className="max-sm:hidden">
            <Flag code={record.country} name={country(record.country)} />
          </span>
          <Link to={`/server/${id}`} className="max-w-64 truncate font-medium text-ink max-sm:max-w-28">
            {record.name}
          </Link>
        </span>
      </td>
      <td className="wider text-ink-2">{systemName(record.host)}</td>
      {record.online ? <LiveCells record={record} /> : <GoneCells record={record} />}
      <PlanCells record={record} traffic={traffic} />
    </tr>
  );
});

function LiveCells({ record }: { readonly record: LiveRecord }) {
  const { number, time } = useFormats();
  const { cpu, memory, disk } = usageOf(record);
  return (
    <>
      <td className="end wider text-ink-2">{time.duration((record.state.uptime ?? 0) * 1000)}</td>
      <td>
        <MeterCell value={cpu} level={levelOf(record.cpuMean)} limits={LIMIT_VALUES} />
      </td>
      <td>
        <MeterCell value={memory} level={levelOf(memory)} limits={LIMIT_VALUES} />
      </td>
      <td className="wide">
        <MeterCell value={disk} level={levelOf(disk)} limits={LIMIT_VALUES} />
      </td>
      <td className="end min-w-24 max-sm:min-w-18">{number.rate(record.state.net_in_speed ?? 0)}</td>
      <td className="end wide min-w-24">{number.rate(record.state.net_out_speed ?? 0)}</td>
    </>
  );
}

function GoneCells({ record }: { readonly record: LiveRecord }) {
  const { t, time } = useFormats();
  const { store } = useApp().live;
  const { lastSeen } = record;
  const waiting = healthOf(record) === "waiting";
  return (
    <>
      <td className="end wider text-off-text">{lastSeen === undefined ? "–" : time.duration(store.serverNow() - lastSeen)}</td>
      <td colSpan={2} className="text-ink-3">
        {waiting ? (
          t("state.waiting")
        ) : lastSeen === undefined ? (
          t("state.offline")
        ) : (
          <ClockText text={t("server.offlineSince", { time: time.moment(lastSeen, store.serverNow()) })} />
        )}
      </td>
      <td className="wide" />
      <td />
      <td className="wide" />
    </>
  );
}

function PlanCells({ record, traffic }: { readonly record: LiveRecord; readonly traffic: CycleTraffic | undefined }) {
  const { number } = useFormats();
  const { store } = useApp().live;
  const plan = parsePlan(record.note, store.serverNow());
  const total = (record.state.net_in_transfer ?? 0) + (record.state.net_out_transfer ?? 0);
  return (
    <>
      <td className="end wider">
        {number.bytes(traffic?.used ?? total)}
        {traffic === undefined || traffic.limit === 0 ? null : <span className="text-ink-3"> / {number.bytesShort(traffic.limit)}</span>}
      </td>
      <td className="end wider text-ink-2">{plan?.days === undefined ? "–" : <Renewal plan={plan} />}</td>
    </>
  );
}
