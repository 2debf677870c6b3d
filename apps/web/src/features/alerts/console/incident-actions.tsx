import type { Incident } from "@windfire/api";
import { BellOff, Check } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { Changing, useMay } from "#shell/console/rights.tsx";
import { useSearchState } from "#shell/navigation.ts";
import { Button } from "#ui/button.tsx";
import { AcknowledgeDialog } from "./acknowledge-dialog.tsx";
import { incidentName } from "./incident-words.tsx";
import { SnoozeDialog } from "./snooze-dialog.tsx";
import { SNOOZE } from "./snooze-values.ts";

/** The search parameter that keeps the question open: the id of its incident. */
const ACKNOWLEDGE = "ack";

/** Seen, or not now: what can be done with an incident that lasts. Both questions are in the address. */
export function IncidentActions({ incident }: { readonly incident: Incident }) {
  const { t } = useFormats();
  const [, change] = useSearchState();
  const name = incidentName(t, incident);
  const subject = incident.source === "alert" ? `rule:${incident.source_id}` : `service:${incident.source_id}`;
  return (
    <Changing>
      {incident.acknowledged_at === undefined ? (
        <Button
          size="small"
          aria-label={`${t("incident.acknowledge")}: ${name}`}
          onClick={() => change({ [ACKNOWLEDGE]: String(incident.id) }, { push: true })}
        >
          <Check className="size-4" aria-hidden="true" />
          {t("incident.acknowledge")}
        </Button>
      ) : null}
      <Button size="small" aria-label={`${t("snooze.verb")}: ${name}`} onClick={() => change({ [SNOOZE]: subject }, { push: true })}>
        <BellOff className="size-4" aria-hidden="true" />
        {t("snooze.verb")}
      </Button>
    </Changing>
  );
}

/** The questions that the actions ask. Once per page. */
export function IncidentDialogs({ incidents }: { readonly incidents: readonly Incident[] }) {
  const [search, change] = useSearchState();
  const may = useMay("change");
  const asked = incidents.find(({ id }) => String(id) === search[ACKNOWLEDGE]);
  if (!may) return null;
  return (
    <>
      {asked === undefined ? null : <AcknowledgeDialog key={asked.id} incident={asked} onClose={() => change({ [ACKNOWLEDGE]: "" })} />}
      {search[SNOOZE] === undefined ? null : (
        <SnoozeDialog key={search[SNOOZE]} subject={search[SNOOZE]} onClose={() => change({ [SNOOZE]: "" })} />
      )}
    </>
  );
}
