import type { StatusPage } from "@windfire/api";
import { Navigate } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { useList } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { ListTabs } from "./list-tabs.tsx";
import { NewPageDialog } from "./new-page-dialog.tsx";
import { indicatorShape } from "./words.ts";

/** What people outside are shown. */
export function Page() {
  const { t } = useFormats();
  const list = useList("/status-page");
  const rows = list.rows.map((page) => ({ ...page, name: page.title }));
  return (
    <ResourcePage
      title={t("nav.statusPages")}
      list={{ ...list, rows }}
      columns={useColumns()}
      lead={(row) => <StateIcon state={indicatorShape(row.indicator)} label={t(`statusPages.indicator.${row.indicator}`)} />}
      words={(row) => `${row.path} ${row.domain}`}
      texts={{ add: t("statusPages.add"), none: t("statusPages.none"), noneHelp: t("statusPages.noneHelp") }}
      deleteHelp={t("statusPages.deleteHelp")}
      remove={{ path: "/batch-delete/status-page", stale: ["/status-page"] }}
      editor={({ row, like, onClose }) =>
        row === undefined ? <NewPageDialog like={like} onClose={onClose} /> : <Navigate to={`/status-page/${row.id}`} replace />
      }
    >
      <ListTabs />
    </ResourcePage>
  );
}

function useColumns(): Column<StatusPage & { readonly name: string }>[] {
  const { t, number } = useFormats();
  return [
    {
      key: "address",
      label: t("column.address"),
      className: "wide",
      cell: (row) => (
        <a href={row.path} target="_blank" rel="noopener" className="font-mono text-xs">
          {row.domain === "" ? row.path : row.domain}
        </a>
      ),
      sortBy: (row) => row.domain || row.path,
    },
    {
      key: "readers",
      label: t("statusPages.readers"),
      cell: (row) => (
        <Chip tone={row.published ? "line" : "plain"}>
          {row.published ? t(`statusPages.visibilities.${row.visibility}`) : t("statusPages.draft")}
        </Chip>
      ),
      sortBy: (row) => (row.published ? row.visibility : ""),
    },
    {
      key: "incidents",
      label: t("statusPages.openIncidents"),
      className: "end wider",
      cell: (row) => number.count(row.open_incidents),
      sortBy: (row) => row.open_incidents,
    },
    {
      key: "subscribers",
      label: t("statusPages.subscribers"),
      className: "end wider",
      cell: (row) => number.count(row.subscribers),
      sortBy: (row) => row.subscribers,
    },
  ];
}
