import { useFormats } from "#lib/formats.ts";
import { FilterChoice } from "#shell/console/filter-choice.tsx";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { SINCES, SEVERITIES, SOURCES, STATES } from "./history-query.ts";

/** Narrows the history; every choice is in the address. */
export function HistoryFilters() {
  const { t } = useFormats();
  const rules = useList("/alert-rule").rows;
  const servers = useServerRows().rows;
  return (
    <div className="flex flex-wrap gap-2">
      <FilterChoice name="state" label={t("column.state")}>
        {STATES.map((value) => (
          <option key={value} value={value}>
            {t(`incident.states.${value}`)}
          </option>
        ))}
      </FilterChoice>
      <FilterChoice name="severity" label={t("incident.severity")}>
        {SEVERITIES.map((value) => (
          <option key={value} value={value}>
            {t(`channels.severity.${value}`)}
          </option>
        ))}
      </FilterChoice>
      <FilterChoice name="source" label={t("incident.source")}>
        {SOURCES.map((value) => (
          <option key={value} value={value}>
            {t(`incident.sources.${value}`)}
          </option>
        ))}
      </FilterChoice>
      <FilterChoice name="rule" label={t("snooze.scopes.rule")}>
        {rules.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </FilterChoice>
      <FilterChoice name="server" label={t("column.server")}>
        {servers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </FilterChoice>
      <FilterChoice name="since" label={t("incident.since")}>
        {SINCES.map((value) => (
          <option key={value} value={value}>
            {t(`incident.sinces.${value}`)}
          </option>
        ))}
      </FilterChoice>
    </div>
  );
}
