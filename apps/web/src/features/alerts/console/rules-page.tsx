import type { AlertRule, Incident } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { CoverageText } from "#shell/console/fields/coverage-field.tsx";
import { EVERYWHERE } from "#shell/console/fields/coverage.ts";
import { GroupName } from "#shell/console/fields/group-select.tsx";
import { useList, useRead } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import type { Pausing } from "#shell/console/row-menu.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { AlertTabs } from "./alert-tabs.tsx";
import { conditionText } from "./condition-text.ts";
import { readCondition } from "./condition-draft.ts";
import { SeverityChip } from "./incident-words.tsx";
import { OPEN_INCIDENTS } from "./open-incidents.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { conditionsOf, readRule, SEVERITIES, writeRule } from "./rule-values.ts";

const PAUSING: Pausing<AlertRule> = {
  isOn: ({ enable }) => enable === true,
  set: (api, row, on) => api.patch(`/alert-rule/${row.id}`, writeRule({ ...readRule(row, new Date()), enabled: on })),
  stale: ["/alert-rule", "/service", "/incident"],
};

/** What is watched, and who is told. */
export function Page() {
  const { t } = useFormats();
  return (
    <ResourcePage
      title={t("nav.rules")}
      list={useList("/alert-rule")}
      columns={useColumns()}
      words={(row) =>
        conditionsOf(row)
          .map((rule) => t(`alerts.types.${rule.type}`, { defaultValue: rule.type }))
          .join(" ")
      }
      texts={{ add: t("alerts.add"), none: t("alerts.none"), noneHelp: t("alerts.noneHelp") }}
      deleteHelp={t("alerts.deleteHelp")}
      remove={{ path: "/batch-delete/alert-rule", stale: ["/alert-rule", "/service"] }}
      pausing={PAUSING}
      rowActions={(row) => (
        <span className="inline-flex max-sm:hidden">
          {" "}
          <Link
            to="/incident-history"
            search={{ rule: String(row.id) }}
            className="wf-btn"
            data-kind="quiet"
            data-size="small"
            data-shape="icon"
            title={t("incident.ofRule", { name: row.name })}
            aria-label={t("incident.ofRule", { name: row.name })}
          >
            <History className="size-4" aria-hidden="true" />
          </Link>
        </span>
      )}
      editor={(place) => <RuleEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <AlertTabs />
    </ResourcePage>
  );
}

function useColumns(): Column<AlertRule>[] {
  const formats = useFormats();
  const { t, list } = formats;
  const open = useRead<Incident[]>(...OPEN_INCIDENTS).data ?? [];
  const firing = (row: AlertRule) => open.filter(({ source, source_id }) => source === "alert" && source_id === row.id).length;
  const said = (row: AlertRule) => list(conditionsOf(row).map((rule) => conditionText(formats, rule)));
  return [
    {
      key: "conditions",
      label: t("alerts.conditions"),
      cell: (row) => (
        <span className="block max-w-88 truncate text-ink-2 max-md:max-w-72 max-sm:max-w-40" title={said(row)}>
          {said(row)}
        </span>
      ),
    },
    {
      key: "severity",
      label: t("incident.severity"),
      className: "wider",
      cell: (row) => <SeverityChip severity={row.severity ?? "warning"} />,
      sortBy: (row) => SEVERITIES.indexOf(row.severity ?? "warning"),
    },
    {
      key: "where",
      label: t("alerts.where"),
      className: "wider",
      cell: (row) => {
        const first = conditionsOf(row)[0];
        return <CoverageText value={first === undefined ? EVERYWHERE : readCondition(first).coverage} />;
      },
    },
    { key: "tell", label: t("notify.tell"), className: "wider", cell: (row) => <GroupName id={row.notification_group_id} /> },
    {
      key: "state",
      label: t("alerts.state"),
      className: "wide",
      cell: (row) => {
        if (row.invalid !== undefined) {
          return (
            <Chip tone="warn" title={row.invalid}>
              {t("alerts.invalidShort")}
            </Chip>
          );
        }
        const count = firing(row);
        if (count > 0) return <Chip tone="crit">{t("alerts.firing", { count })}</Chip>;
        return row.enable === true ? <Chip tone="ok">{t("alerts.enabled")}</Chip> : <Chip>{t("alerts.off")}</Chip>;
      },
      sortBy: (row) => firing(row) + Number(row.enable === true) / 2,
    },
  ];
}
