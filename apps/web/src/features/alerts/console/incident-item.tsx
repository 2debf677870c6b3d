import type { Incident } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { StatusItem } from "#shell/console/status-item.tsx";
import { Chip } from "#ui/chip.tsx";
import { IncidentActions } from "./incident-actions.tsx";
import { heldText, incidentName, incidentShape, SeverityChip } from "./incident-words.tsx";

/** An incident that lasts, as a line of a list, with what can be done. */
export function IncidentItem({ incident }: { readonly incident: Incident }) {
  const { t } = useFormats();
  return (
    <StatusItem
      state={incidentShape(incident)}
      title={<Title incident={incident} />}
      action={
        <span className="flex gap-2 max-sm:w-full max-sm:ps-8.5">
          <IncidentActions incident={incident} />
        </span>
      }
    >
      <p>
        <OpenFor incident={incident} />
        {incident.value === undefined || incident.limit === undefined ? null : (
          <> {t("incident.values", { value: incident.value, limit: incident.limit })}</>
        )}
        {incident.held === undefined ? null : <> {heldText(t, incident.held)}</>}
      </p>
      {(incident.note ?? "") === "" ? null : <p>{incident.note}</p>}
    </StatusItem>
  );
}

function Title({ incident }: { readonly incident: Incident }) {
  const { t } = useFormats();
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Link to="/incident/$id" params={{ id: String(incident.id) }} className="line-clamp-2 font-medium wrap-anywhere text-ink">
        {incidentName(t, incident)}
      </Link>
      <SeverityChip severity={incident.severity} />
      {incident.acknowledged_by === undefined ? null : <Chip tone="ok">{t("incident.seenBy", { name: incident.acknowledged_by })}</Chip>}
    </div>
  );
}

function OpenFor({ incident }: { readonly incident: Incident }) {
  const { t, time } = useFormats();
  const opened = parseTime(incident.opened_at) ?? 0;
  return <span title={time.full(opened)}>{t("incident.openFor", { time: time.duration(Date.now() - opened) })}</span>;
}
