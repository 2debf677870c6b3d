import { Lock } from "lucide-react";
import { useMemo } from "react";
import type { Formats } from "#lib/formats.ts";
import { useFormats } from "#lib/formats.ts";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { MeterCell } from "#ui/meter.tsx";
import { healthRank, levelOf, LIMIT_VALUES, usageOf } from "../shared/health.ts";
import { healthWord } from "../shared/health-words.ts";
import { NetworkLine } from "../shared/network-line.tsx";
import { Renewal } from "../shared/plan-text.tsx";
import { parsePlan } from "../shared/plan.ts";
import type { ColumnName } from "./column-choice.ts";
import { NameCell } from "./server-cells.tsx";
import { ServerMenu } from "./server-menu.tsx";
import type { ServerActions } from "./server-menu.tsx";
import { addressesOf } from "./server-rows.ts";
import type { ServerRow } from "./server-rows.ts";

/** How a column of figures stands, whatever the width of the screen. */
const FOR_FIGURES: ReadonlySet<string> = new Set(["end", "metered"]);
/** Shown only to readers who chose the column. */
const CHOSEN_ONLY = "chosen";

/** `chosen`: columns in place of those that the width of the screen decides on. Names and actions are always there. */
export function useServerColumns(
  { onOpen, onAct }: ServerActions,
  chosen: readonly ColumnName[] | undefined,
): readonly Column<ServerRow>[] {
  const formats = useFormats();
  return useMemo(() => {
    const all = serverColumns(formats, { onOpen, onAct });
    if (chosen === undefined) return all.filter(({ className }) => className?.includes(CHOSEN_ONLY) !== true);
    return all.flatMap((column) => {
      if (column.key === "server" || column.key === "actions") return [column];
      if (!chosen.some((name) => name === column.key)) return [];
      const kept = column.className?.split(" ").filter((name) => FOR_FIGURES.has(name)) ?? [];
      return [{ ...column, className: kept.join(" ") }];
    });
  }, [formats, onOpen, onAct, chosen]);
}

type Columns = readonly Column<ServerRow>[];

function serverColumns(formats: Formats, actions: ServerActions): Columns {
  const { onOpen, onAct } = actions;
  return [
    ...nameColumns(formats, onOpen),
    ...usageColumns(formats),
    ...ownerColumns(formats),
    ...lifeColumns(formats),
    { key: "actions", label: "", className: "end", cell: (row) => <ServerMenu row={row} onOpen={onOpen} onAct={onAct} /> },
  ];
}

/** Which server it is, and how it fares. */
function nameColumns({ t }: Formats, onOpen: ServerActions["onOpen"]): Columns {
  return [
    { key: "server", label: t("column.server"), cell: (row) => <NameCell row={row} onOpen={onOpen} />, sortBy: (row) => row.server.name },
    {
      key: "state",
      label: t("column.state"),
      className: "wider",
      cell: (row) => <span className="text-ink-2">{healthWord(t, row.health)}</span>,
      sortBy: (row) => healthRank(row.health),
    },
    {
      key: "address",
      label: t("column.address"),
      className: "widest",
      cell: (row) => <span className="font-mono text-xs text-ink-2">{addressesOf(row.server)[0] ?? "–"}</span>,
      sortBy: (row) => addressesOf(row.server)[0] ?? "",
    },
    {
      key: "groups",
      label: t("column.groups"),
      className: "wider",
      cell: (row) => (
        <span className="inline-flex gap-1">
          {row.groups.map((name) => (
            <Chip key={name} tone="line">
              {name}
            </Chip>
          ))}
        </span>
      ),
    },
    {
      key: "tags",
      label: t("tags.label"),
      className: CHOSEN_ONLY,
      cell: ({ server }) => (
        <span className="inline-flex gap-1">
          {(server.tags ?? []).map((tag) => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
      ),
      sortBy: ({ server }) => (server.tags ?? []).join(" "),
    },
  ];
}

function usageColumns({ t }: Formats): Columns {
  const usage = (row: ServerRow) => (row.live === undefined ? undefined : usageOf(row.live));
  return [
    {
      key: "cpu",
      label: t("metric.cpu"),
      className: "wide metered",
      cell: (row) => <MeterCell value={usage(row)?.cpu} level={levelOf(row.live?.cpuMean)} limits={LIMIT_VALUES} />,
      sortBy: (row) => usage(row)?.cpu ?? -1,
    },
    {
      key: "memory",
      label: t("metric.memory"),
      className: "metered",
      cell: (row) => <MeterCell value={usage(row)?.memory} level={levelOf(usage(row)?.memory)} limits={LIMIT_VALUES} />,
      sortBy: (row) => usage(row)?.memory ?? -1,
    },
    {
      key: "disk",
      label: t("metric.disk"),
      className: `${CHOSEN_ONLY} metered`,
      cell: (row) => <MeterCell value={usage(row)?.disk} level={levelOf(usage(row)?.disk)} limits={LIMIT_VALUES} />,
      sortBy: (row) => usage(row)?.disk ?? -1,
    },
    {
      key: "network",
      label: t("column.network"),
      className: "widest",
      cell: (row) => <NetworkLine id={row.server.id} className="h-4.5 w-18" />,
    },
  ];
}

/** Who runs it, and who may see it. */
function ownerColumns({ t }: Formats): Columns {
  return [
    {
      key: "agent",
      label: t("column.agent"),
      className: "wider",
      cell: (row) => (
        <span className="block max-w-28 truncate text-ink-2" title={row.host.version}>
          {row.host.version ?? "–"}
        </span>
      ),
      sortBy: (row) => row.host.version ?? "",
    },
    {
      key: "owner",
      label: t("column.owner"),
      className: "widest",
      cell: (row) => (
        <span className="block max-w-24 truncate text-ink-2" title={row.server.owner.username}>
          {row.server.owner.username ?? t("servers.sharedOwner")}
        </span>
      ),
      sortBy: (row) => row.server.owner.username ?? "",
    },
    {
      key: "public",
      label: t("column.public"),
      className: "max-2xl:hidden",
      cell: (row) =>
        row.server.hide_for_guest === true ? (
          <span className="inline-flex items-center gap-1 text-ink-3">
            <Lock className="size-3.5" aria-hidden="true" />
            {t("servers.hidden")}
          </span>
        ) : (
          <span className="text-ink-2">{t("servers.shown")}</span>
        ),
      sortBy: (row) => Number(row.server.hide_for_guest === true),
    },
  ];
}

function lifeColumns({ t, number, time }: Formats): Columns {
  return [
    {
      key: "load",
      label: t("column.load"),
      className: `${CHOSEN_ONLY} end`,
      cell: ({ live }) => (live?.online === true ? number.decimal(live.state.load_1 ?? 0, 2) : "–"),
      sortBy: ({ live }) => live?.state.load_1 ?? -1,
    },
    {
      key: "uptime",
      label: t("column.uptime"),
      className: `${CHOSEN_ONLY} end`,
      cell: ({ live }) => (live?.online === true ? time.duration((live.state.uptime ?? 0) * 1000) : "–"),
      sortBy: ({ live }) => live?.state.uptime ?? -1,
    },
    {
      key: "renewal",
      label: t("column.renewal"),
      className: CHOSEN_ONLY,
      cell: ({ server }) => {
        const plan = parsePlan(server.public_note ?? "", Date.now());
        return plan === undefined ? "–" : <Renewal plan={plan} />;
      },
      sortBy: ({ server }) => {
        const days = parsePlan(server.public_note ?? "", Date.now())?.days;
        return typeof days === "number" ? days : Number.MAX_SAFE_INTEGER;
      },
    },
  ];
}
