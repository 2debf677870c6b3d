import { useFormats } from "#lib/formats.ts";
import { FilterChoice } from "#shell/console/filter-choice.tsx";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { SINCES } from "#shell/console/since.ts";
import { SEVERITIES, SOURCES, STATES } from "./history-query.ts";

/** Narrows the history; every choice is in the address. */
export function HistoryFilters() {
  const { t } = useFormats();
  const rules = useList("/alert-rule").rows;
  const servers = useServerRows().rows;
  return (
    <div className="flex flex-wrap gap-2">
      <FilterChoice
        name="state"
        label={t("column.state")}
        choices={STATES.map((value) => ({ value, label: t(`incident.states.${value}`) }))}
      />
      <FilterChoice
        name="severity"
        label={t("incident.severity")}
        choices={SEVERITIES.map((value) => ({ value, label: t(`channels.severity.${value}`) }))}
      />
      <FilterChoice
        name="source"
        label={t("incident.source")}
        choices={SOURCES.map((value) => ({ value, label: t(`incident.sources.${value}`) }))}
      />
      <FilterChoice name="rule" label={t("snooze.scopes.rule")} choices={rules.map(({ id, name }) => ({ value: id, label: name }))} />
      <FilterChoice name="server" label={t("column.server")} choices={servers.map(({ id, name }) => ({ value: id, label: name }))} />
      <FilterChoice
        name="since"
        label={t("incident.since")}
        choices={SINCES.map((value) => ({ value, label: t(`incident.sinces.${value}`) }))}
      />
    </div>
  );
}
