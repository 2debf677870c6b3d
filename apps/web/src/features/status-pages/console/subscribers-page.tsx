import type { PageSubscriber, StatusPage } from "@windfire/api";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { LANGUAGES } from "#lib/languages.ts";
import { parseTime } from "#lib/time-format.ts";
import { BatchAction, BatchBar } from "#shell/console/batch-bar.tsx";
import { CursorPager } from "#shell/console/cursor-pager.tsx";
import { DeleteDialog } from "#shell/console/delete-dialog.tsx";
import { ListStates } from "#shell/console/list-states.tsx";
import { useRead } from "#shell/console/queries.ts";
import { useMay } from "#shell/console/rights.tsx";
import { useSearchState, wholeNumber } from "#shell/navigation.ts";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { useSelection } from "#ui/use-selection.ts";
import { StatusPageFrame } from "./page-frame.tsx";

/** As many as the dashboard answers at once. */
const PAGE_LENGTH = 200;

/** Who hears of what a page says. Addresses come by their owners' own wish, so none is added here. */
export function Page() {
  return <StatusPageFrame>{(page) => <Subscribers key={page.id} page={page} />}</StatusPageFrame>;
}

function Subscribers({ page }: { readonly page: StatusPage }) {
  const { t } = useFormats();
  const may = useMay("change");
  const [search] = useSearchState();
  const [ending, setEnding] = useState<readonly PageSubscriber[]>();
  const before = wholeNumber(search["before"]);
  const query = { page_id: String(page.id), ...(before === undefined ? {} : { before }) };
  const { data, isPending, error } = useRead<PageSubscriber[] | null>("/page-subscriber", query);
  const rows = data ?? [];
  const selection = useSelection(rows.map(({ id }) => id));
  return (
    <>
      <ListStates
        loading={isPending}
        error={error}
        empty={rows.length === 0}
        none={<EmptyState title={t("statusPages.noSubscribers")}>{t("statusPages.noSubscribersHelp")}</EmptyState>}
      >
        <DataTable
          label={t("statusPages.subscribers")}
          columns={useColumns()}
          rows={rows}
          rowId={({ id }) => id}
          rowName={({ address }) => address}
          {...(may ? { selection } : {})}
        />
        <CursorPager next={rows.length < PAGE_LENGTH ? undefined : rows.at(-1)?.id} />
      </ListStates>
      <BatchBar count={selection.ids.length} onClear={() => selection.setAll([])}>
        <BatchAction
          icon={Trash2}
          tone="danger"
          label={t("action.delete")}
          onClick={() => setEnding(rows.filter(({ id }) => selection.has(id)))}
        />
      </BatchBar>
      {ending === undefined ? null : (
        <DeleteDialog
          rows={ending.map(({ id, address }) => ({ id, name: address }))}
          help={t("statusPages.endHelp")}
          path="/batch-delete/page-subscriber"
          stale={["/page-subscriber", "/status-page"]}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}

function useColumns(): Column<PageSubscriber>[] {
  const { t, time } = useFormats();
  return [
    {
      key: "address",
      label: t("column.address"),
      cell: (row) => <span className="wrap-anywhere">{row.address}</span>,
      sortBy: (row) => row.address,
    },
    {
      key: "kind",
      label: t("deliveries.kind"),
      className: "wide",
      cell: (row) => <Chip tone="line">{t(`statusPages.kinds.${row.kind}`)}</Chip>,
    },
    {
      key: "language",
      label: t("statusPages.field.language"),
      className: "wider",
      cell: (row) => LANGUAGES.find(({ file }) => file === row.language)?.name ?? row.language,
    },
    {
      key: "since",
      label: t("users.created"),
      cell: (row) => {
        const at = parseTime(row.confirmed_at);
        return at === undefined ? (
          <Chip tone="warn">{t("statusPages.unconfirmed")}</Chip>
        ) : (
          <span title={time.full(at)}>{time.date(at, Date.now())}</span>
        );
      },
      sortBy: (row) => parseTime(row.confirmed_at) ?? 0,
    },
  ];
}
