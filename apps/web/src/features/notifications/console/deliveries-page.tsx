import type { Delivery } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useList, useRead } from "#shell/console/queries.ts";
import { oneOf, useSearchState } from "#shell/navigation.ts";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { DeliveryDrawer } from "./delivery-drawer.tsx";
import { DeliveryState } from "./delivery-state.tsx";
import { NotificationTabs } from "./notification-tabs.tsx";
import { SendAgain } from "./send-again.tsx";

const EVERY_MS = 10_000;
/** The newest are shown. */
const MOST = 200;
const SHOWN = ["all", "waiting", "sent", "dead"] as const;

/** What became of messages, newest first; `?state=` leaves those in a state, `?open=` shows one whole. */
export function Page() {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const shown = oneOf(search["state"], SHOWN) ?? "all";
  const query = { limit: MOST, ...(shown === "all" ? {} : { state: shown }) };
  const { data, isPending, error } = useRead<Delivery[] | null>("/delivery", query, { everyMs: EVERY_MS });
  const rows = data ?? [];
  const opened = rows.find(({ id }) => String(id) === search["open"]);
  const columns = useColumns((row) => change({ open: String(row.id) }, { push: true }));
  return (
    <>
      <PageBar title={t("nav.deliveries")} />
      <NotificationTabs />
      <Segmented
        label={t("deliveries.state")}
        className="justify-self-start"
        value={shown}
        onChange={(state) => change({ state: state === "all" ? "" : state, open: "" })}
        segments={SHOWN.map((value) => ({ value, label: value === "all" ? t("deliveries.all") : t(`deliveries.states.${value}`) }))}
      />
      <ListStates
        loading={isPending}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("deliveries.none")}>{t("deliveries.noneHelp")}</EmptyState>}
      >
        <DataTable
          label={t("nav.deliveries")}
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          rowName={(row) => row.text}
          openId={opened?.id}
        />
      </ListStates>
      {opened === undefined ? null : <DeliveryDrawer row={opened} onClose={() => change({ open: "" })} />}
    </>
  );
}

function useColumns(onOpen: (row: Delivery) => void): Column<Delivery>[] {
  const { t, time } = useFormats();
  const names = new Map(useList("/notification-channel").rows.map(({ id, name }) => [id, name]));
  const channelOf = ({ notification }: Delivery) => names.get(notification) ?? `#${notification}`;
  return [
    {
      key: "message",
      label: t("deliveries.message"),
      cell: (row) => (
        <button
          type="button"
          className="block max-w-112 truncate text-start font-medium hover:underline max-md:max-w-72 max-sm:max-w-36"
          title={row.text}
          onClick={() => onOpen(row)}
        >
          {row.text.split("\n")[0]}
        </button>
      ),
    },
    {
      key: "channel",
      label: t("deliveries.channel"),
      className: "wide",
      cell: (row) => <span className="block max-w-48 truncate text-ink-2">{channelOf(row)}</span>,
      sortBy: channelOf,
    },
    { key: "state", label: t("deliveries.state"), cell: (row) => <DeliveryState row={row} />, sortBy: (row) => row.state },
    {
      key: "created",
      label: t("deliveries.created"),
      className: "wide",
      cell: (row) => {
        const at = parseTime(row.created_at) ?? 0;
        return <span title={time.full(at)}>{time.dateTime(at)}</span>;
      },
      sortBy: (row) => parseTime(row.created_at) ?? 0,
    },
    {
      key: "actions",
      label: "",
      className: "end wider",
      cell: (row) => (row.state === "dead" ? <SendAgain row={row} /> : null),
    },
  ];
}
