import type { Incident } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { ListStates } from "#shell/console/list-states.tsx";
import { PageBar } from "#shell/console/page-bar.tsx";
import { useRead } from "#shell/console/queries.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { AlertTabs } from "./alert-tabs.tsx";
import { IncidentDialogs } from "./incident-actions.tsx";
import { IncidentItem } from "./incident-item.tsx";
import { byUrgency } from "./incident-words.tsx";
import { OPEN_INCIDENTS } from "./open-incidents.ts";

const NONE: readonly Incident[] = [];

/** What fires now, what matters most first. */
export function Page() {
  const { t, number } = useFormats();
  const { data, isPending, error } = useRead<Incident[]>(...OPEN_INCIDENTS);
  const incidents = (data ?? NONE).toSorted(byUrgency);
  const quiet = <EmptyState title={t("incident.none")}>{t("incident.noneHelp")}</EmptyState>;
  return (
    <>
      <PageBar title={t("nav.alerts")} aside={number.count(incidents.length)} />
      <AlertTabs />
      <ListStates loading={isPending} error={error} empty={incidents.length === 0} none={quiet}>
        <h2 className="text-2xl tracking-tight">{t("incident.firing", { count: incidents.length })}</h2>
        <ul className="wf-card">
          {incidents.map((incident) => (
            <IncidentItem key={incident.id} incident={incident} />
          ))}
        </ul>
      </ListStates>
      <IncidentDialogs incidents={incidents} />
    </>
  );
}
