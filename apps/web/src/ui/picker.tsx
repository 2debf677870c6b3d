import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { RemovableChip } from "./chip.tsx";

export interface PickerOption {
  readonly id: number;
  readonly name: string;
  /** Tells equal names apart. */
  readonly aside?: string;
}

interface PickerProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly options: readonly PickerOption[];
  readonly chosen: readonly number[];
  readonly onChange: (chosen: readonly number[]) => void;
}

const LISTED = 200;

/** Many of many, by name: chosen ones as chips, the others in a searched list. */
export function Picker({ label, help, error, options, chosen, onChange }: PickerProps) {
  const { t } = useTranslation();
  const id = useId();
  const [query, setQuery] = useState("");
  const names = new Map(options.map((option) => [option.id, option.name]));
  const found = options.filter((option) => `${option.name} ${option.aside ?? ""}`.toLowerCase().includes(query.toLowerCase()));
  const toggle = (option: number) => onChange(chosen.includes(option) ? chosen.filter((other) => other !== option) : [...chosen, option]);
  return (
    <fieldset className="grid min-w-0 gap-1.5">
      <legend className="mb-1.5 font-medium">
        {label} <span className="text-sm font-normal text-ink-3">{t("picker.count", { count: chosen.length })}</span>
      </legend>
      {chosen.length === 0 ? null : (
        <div className="flex flex-wrap gap-1.5">
          {chosen.map((option) => (
            <RemovableChip
              key={option}
              label={names.get(option) ?? `#${option}`}
              remove={t("picker.remove", { name: names.get(option) ?? `#${option}` })}
              onRemove={() => toggle(option)}
            />
          ))}
        </div>
      )}
      <input
        type="search"
        className="wf-input"
        aria-label={t("picker.search", { label })}
        aria-describedby={help === undefined && error === undefined ? undefined : id}
        aria-invalid={error === undefined ? undefined : true}
        placeholder={t("picker.placeholder")}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className="max-h-52 overflow-y-auto rounded-control border border-line">
        {found.length === 0 ? <p className="px-3 py-2 text-sm text-ink-3">{query === "" ? "–" : t("picker.none", { query })}</p> : null}
        {found.slice(0, LISTED).map((option) => (
          <label key={option.id} className="flex min-h-9 cursor-pointer items-center gap-3 px-3 hover:bg-hover">
            <input type="checkbox" className="wf-check" checked={chosen.includes(option.id)} onChange={() => toggle(option.id)} />
            <span className="min-w-0 flex-1 truncate">{option.name}</span>
            {option.aside === undefined ? null : <span className="text-sm text-ink-3">{option.aside}</span>}
          </label>
        ))}
        {found.length > LISTED ? (
          <p className="px-3 py-2 text-sm text-ink-3">{t("picker.more", { count: found.length - LISTED })}</p>
        ) : null}
      </div>
      <div className="flex gap-3 text-sm">
        <button
          type="button"
          className="text-link hover:underline"
          onClick={() => onChange([...new Set([...chosen, ...found.map((option) => option.id)])])}
        >
          {t("picker.all")}
        </button>
        <button type="button" className="text-link hover:underline" onClick={() => onChange([])}>
          {t("picker.clear")}
        </button>
      </div>
      {help === undefined && error === undefined ? null : (
        <p id={id} className={`text-sm ${error === undefined ? "text-ink-3" : "text-crit-text"}`}>
          {error ?? help}
        </p>
      )}
    </fieldset>
  );
}
