import type { IncidentImpact, IncidentStatus } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { SelectField } from "#ui/field.tsx";
import { IMPACTS, STATUSES } from "./words.ts";

interface ChoiceProps<V> {
  readonly value: V;
  readonly onChange: (value: V) => void;
}

/** How far one has come. */
export function StatusSelect({ value, onChange }: ChoiceProps<IncidentStatus>) {
  const { t } = useFormats();
  return (
    <SelectField
      label={t("alerts.state")}
      value={value}
      onChange={(event) => onChange(STATUSES.find((status) => status === event.target.value) ?? value)}
    >
      {STATUSES.map((status) => (
        <option key={status} value={status}>
          {t(`statusPages.status.${status}`)}
        </option>
      ))}
    </SelectField>
  );
}

/** How much it matters. */
export function ImpactSelect({ value, onChange }: ChoiceProps<IncidentImpact>) {
  const { t } = useFormats();
  return (
    <SelectField
      label={t("statusPages.impactLabel")}
      value={value}
      onChange={(event) => onChange(IMPACTS.find((impact) => impact === event.target.value) ?? value)}
    >
      {IMPACTS.map((impact) => (
        <option key={impact} value={impact}>
          {t(`statusPages.impact.${impact}`)}
        </option>
      ))}
    </SelectField>
  );
}
