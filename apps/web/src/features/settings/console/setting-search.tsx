import { useFormats } from "#lib/formats.ts";
import { useSearchState } from "#shell/navigation.ts";
import { SearchField } from "#ui/search-field.tsx";
import { SETTING_PLACES } from "./setting-places.ts";

/** Finds a setting by its name or its key in the configuration, and goes to where it stands. */
export function SettingSearch() {
  const { t } = useFormats();
  const [search, change] = useSearchState();
  const query = search["q"] ?? "";
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = Object.entries(SETTING_PLACES).filter(([field, tab]) => {
    const text = [field, t(`settings.field.${field}`), t(`settings.tab.${tab}`)].join(" ").toLowerCase();
    return words.length > 0 && words.every((word) => text.includes(word));
  });
  return (
    <div className="grid max-w-(--form) gap-2">
      <SearchField label={t("settings.search")} placeholder={t("settings.search")} value={query} onChange={(q) => change({ q })} />
      {words.length === 0 ? null : found.length === 0 ? (
        <p role="status" className="text-sm text-ink-2">
          {t("table.noMatch")}
        </p>
      ) : (
        <ul className="wf-card text-sm">
          {found.map(([field, tab]) => (
            <li key={field} className="border-b border-line last:border-0">
              <button
                type="button"
                className="flex min-h-9 w-full items-center gap-3 px-4 py-1.5 text-start hover:bg-hover"
                onClick={() => change({ tab: tab === "site" ? "" : tab, q: "" })}
              >
                <span className="min-w-0 flex-1 font-medium">{t(`settings.field.${field}`)}</span>
                <span className="text-ink-2">{t(`settings.tab.${tab}`)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
