import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { useSearchState } from "#shell/navigation.ts";
import { SINCES, SEVERITIES, SOURCES, STATES } from "./history-query.ts";

/** Narrows the history; every choice is in the address. */
export function HistoryFilters() {
  const { t } = useFormats();
  const rules = useList("/alert-rule").rows;
  const servers = useServerRows().rows;
  return (
    <div className="flex flex-wrap gap-2">
      <Choice name="state" label={t("column.state")}>
        {STATES.map((value) => (
          <option key={value} value={value}>
            {t(`incident.states.${value}`)}
          </option>
        ))}
      </Choice>
      <Choice name="severity" label={t("incident.severity")}>
        {SEVERITIES.map((value) => (
          <option key={value} value={value}>
            {t(`channels.severity.${value}`)}
          </option>
        ))}
      </Choice>
      <Choice name="source" label={t("incident.source")}>
        {SOURCES.map((value) => (
          <option key={value} value={value}>
            {t(`incident.sources.${value}`)}
          </option>
        ))}
      </Choice>
      <Choice name="rule" label={t("snooze.scopes.rule")}>
        {rules.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice name="server" label={t("column.server")}>
        {servers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice name="since" label={t("incident.since")}>
        {SINCES.map((value) => (
          <option key={value} value={value}>
            {t(`incident.sinces.${value}`)}
          </option>
        ))}
      </Choice>
    </div>
  );
}

/** One filter: its name while it is not used. */
function Choice({ name, label, children }: { readonly name: string; readonly label: string; readonly children: ReactNode }) {
  const [search, change] = useSearchState();
  return (
    <select
      aria-label={label}
      className="wf-input w-auto! max-w-44 min-w-0 text-sm max-sm:max-w-36"
      value={search[name] ?? ""}
      onChange={(event) => change({ [name]: event.target.value, before: "" })}
    >
      <option value="">{label}</option>
      {children}
    </select>
  );
}
