import { useFormats } from "#lib/formats.ts";
import { useSetting } from "#shell/console/queries.ts";
import { useApp } from "#shell/app-context.tsx";
import { RemovableChip } from "#ui/chip.tsx";
import { SearchField } from "#ui/search-field.tsx";
import { SavedViews } from "./list-menus.tsx";
import { inView, VIEW_NAMES } from "./server-rows.ts";
import type { filterRows, ServerRow, ViewName } from "./server-rows.ts";

/** The ways to look at the list, each with how many it shows. */
export function Views({
  rows,
  view,
  onChange,
}: {
  readonly rows: readonly ServerRow[];
  readonly view: ViewName;
  readonly onChange: (view: ViewName) => void;
}) {
  const { t, number } = useFormats();
  const { store } = useApp().live;
  const version = useSetting()?.version;
  return (
    <div role="group" aria-label={t("servers.views")} className="flex gap-1 overflow-x-auto [scrollbar-width:none]">
      {VIEW_NAMES.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === view}
          onClick={() => onChange(name)}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-control px-2.5 text-sm font-medium whitespace-nowrap text-ink-2 hover:bg-sunken aria-pressed:bg-sunken aria-pressed:text-ink dark:hover:bg-line dark:aria-pressed:bg-line"
        >
          {t(`servers.view.${name}`)}
          <span className="text-xs font-normal text-ink-3">
            {number.count(rows.filter((row) => inView(row, name, store.serverNow(), version)).length)}
          </span>
        </button>
      ))}
      <SavedViews />
    </div>
  );
}

/** What the list is narrowed to, word by word. */
export function FilterBar({
  query,
  filter,
  onChange,
}: {
  readonly query: string;
  readonly filter: ReturnType<typeof filterRows>;
  readonly onChange: (query: string) => void;
}) {
  const { t } = useFormats();
  const keyed = filter.parts.filter((part) => part.kind !== "word");
  return (
    <div className="grid gap-2">
      <SearchField label={t("servers.filter")} placeholder={t("servers.filterExample")} value={query} onChange={onChange} />
      {keyed.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-1.5">
          {keyed.map((part) => (
            <RemovableChip
              key={part.text}
              label={part.text}
              wrong={filter.invalid.includes(part)}
              remove={t("servers.removeFilter", { part: part.text })}
              onRemove={() =>
                onChange(
                  filter.parts
                    .filter((other) => other !== part)
                    .map((other) => other.text)
                    .join(" "),
                )
              }
            />
          ))}
          {filter.invalid.length === 0 ? null : <span className="text-sm text-crit-text">{t("servers.filterWrong")}</span>}
        </div>
      )}
    </div>
  );
}
