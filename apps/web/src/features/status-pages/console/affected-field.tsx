import type { PagePartRef, PartState, StatusPage } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useRowNames } from "./group-card.tsx";
import { PART_STATES } from "./words.ts";

export interface Affected extends PagePartRef {
  readonly state: PartState;
}

interface AffectedProps {
  readonly page: StatusPage;
  readonly label: string;
  readonly value: readonly Affected[];
  readonly onChange: (value: Affected[]) => void;
}

/** Every part of a page with how it is; what is well is not listed in the value. */
export function AffectedField({ page, label, value, onChange }: AffectedProps) {
  const { t } = useFormats();
  const nameOf = useRowNames();
  const parts = page.groups.flatMap((group) => group.parts);
  const stateOf = ({ kind, id }: PagePartRef) => value.find((part) => part.kind === kind && part.id === id)?.state ?? "operational";
  const put = ({ kind, id }: PagePartRef, state: PartState) => {
    const others = value.filter((part) => part.kind !== kind || part.id !== id);
    onChange(state === "operational" ? others : [...others, { kind, id, state }]);
  };
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="mb-1.5 font-medium">{label}</legend>
      {parts.length === 0 ? <p className="text-sm text-ink-3">{t("statusPages.noParts")}</p> : null}
      <ul className="grid max-h-72 gap-1 overflow-y-auto">
        {parts.map((part) => (
          <li key={`${part.kind} ${part.id}`}>
            <label className="flex min-h-9 items-center gap-3">
              <span className="min-w-0 flex-1 truncate">{part.name === "" ? nameOf(part) : part.name}</span>
              <select
                className="wf-input max-w-48"
                value={stateOf(part)}
                onChange={(event) => put(part, PART_STATES.find((state) => state === event.target.value) ?? "operational")}
              >
                {PART_STATES.map((state) => (
                  <option key={state} value={state}>
                    {t(`statusPages.partState.${state}`)}
                  </option>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
