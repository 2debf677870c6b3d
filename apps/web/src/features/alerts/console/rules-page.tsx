import type { AlertRule } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { CoverageText } from "#shell/console/fields/coverage-field.tsx";
import { EVERYWHERE } from "#shell/console/fields/coverage.ts";
import { GroupName } from "#shell/console/fields/group-select.tsx";
import { useList } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import { Chip } from "#ui/chip.tsx";
import type { Column } from "#ui/data-table.tsx";
import { conditionText } from "./condition-text.ts";
import { readCondition } from "./condition-draft.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { conditionsOf } from "./rule-values.ts";

/** What is watched, and who is told. */
export function Page() {
  const { t } = useFormats();
  return (
    <ResourcePage
      title={t("nav.alerts")}
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
      editor={(place) => <RuleEditor key={place.row?.id ?? "new"} {...place} />}
    />
  );
}

function useColumns(): Column<AlertRule>[] {
  const formats = useFormats();
  const { t, list } = formats;
  const said = (row: AlertRule) => list(conditionsOf(row).map((rule) => conditionText(formats, rule)));
  return [
    {
      key: "conditions",
      label: t("alerts.conditions"),
      cell: (row) => (
        <span className="block max-w-112 truncate text-ink-2 max-md:max-w-40" title={said(row)}>
          {said(row)}
        </span>
      ),
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
        return row.enable === true ? <Chip tone="ok">{t("alerts.enabled")}</Chip> : <Chip>{t("alerts.off")}</Chip>;
      },
      sortBy: (row) => Number(row.enable === true),
    },
  ];
}
