import type { MaintenanceWindow } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useList } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import type { Pausing } from "#shell/console/row-menu.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { AlertTabs } from "./alert-tabs.tsx";
import { useSubjects } from "./use-subjects.ts";
import { WindowEditor } from "./window-editor.tsx";
import { phaseOf, PHASES, planText } from "./window-text.ts";
import { readWindow, writeWindow } from "./window-values.ts";

const PAUSING: Pausing<MaintenanceWindow> = {
  isOn: ({ enable }) => enable,
  set: (api, row, on) => api.patch(`/maintenance-window/${row.id}`, writeWindow({ ...readWindow(row, new Date()), enabled: on })),
  stale: ["/maintenance-window", "/incident"],
};

/** Planned work: while it is under way incidents are recorded and nobody is told. */
export function Page() {
  const { t } = useFormats();
  return (
    <ResourcePage
      title={t("nav.windows")}
      list={useList("/maintenance-window")}
      columns={useColumns()}
      texts={{ add: t("windows.add"), none: t("windows.none"), noneHelp: t("windows.noneHelp") }}
      deleteHelp={t("windows.deleteHelp")}
      remove={{ path: "/batch-delete/maintenance-window", stale: ["/maintenance-window", "/incident"] }}
      pausing={PAUSING}
      editor={(place) => <WindowEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <AlertTabs />
    </ResourcePage>
  );
}

function useColumns(): Column<MaintenanceWindow>[] {
  const formats = useFormats();
  const { t, list } = formats;
  const { nameOf } = useSubjects();
  const coveredBy = (row: MaintenanceWindow) =>
    list([
      ...row.groups.map((id) => nameOf({ scope: "group", id })),
      ...row.servers.map((id) => nameOf({ scope: "server", id })),
      ...row.services.map((id) => nameOf({ scope: "service", id })),
    ]);
  return [
    {
      key: "plan",
      label: t("windows.when"),
      cell: (row) => (
        <span className="block max-w-80 truncate text-ink-2 max-md:max-w-72 max-sm:max-w-40" title={planText(formats, row.plan)}>
          {planText(formats, row.plan)}
        </span>
      ),
    },
    {
      key: "covers",
      label: t("windows.covers"),
      className: "wider",
      cell: (row) => (
        <span className="block max-w-80 truncate text-ink-2" title={coveredBy(row)}>
          {coveredBy(row)}
        </span>
      ),
    },
    {
      key: "state",
      label: t("alerts.state"),
      className: "wide",
      cell: (row) => {
        if (!row.enable) return <Chip>{t("alerts.off")}</Chip>;
        const phase = phaseOf(row, Date.now());
        return <Chip tone={phase === "open" ? "maint" : "line"}>{t(`windows.${phase}`)}</Chip>;
      },
      sortBy: (row) => (row.enable ? PHASES.indexOf(phaseOf(row, Date.now())) : PHASES.length),
    },
  ];
}
