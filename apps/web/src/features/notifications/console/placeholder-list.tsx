import { useFormats } from "#lib/formats.ts";
import { PLACEHOLDERS, SERVER_PLACEHOLDERS } from "./channel-values.ts";

/** What can be written into a message; a click puts it into the text. */
export function PlaceholderList({ onInsert }: { readonly onInsert: (placeholder: string) => void }) {
  const { t } = useFormats();
  return (
    <details className="rounded-control border border-line px-3 py-2">
      <summary className="cursor-pointer text-sm font-medium">{t("channels.placeholders")}</summary>
      <p className="my-2 text-sm text-ink-3">{t("channels.placeholdersHelp")}</p>
      <div className="flex flex-wrap gap-1.5">
        {[...PLACEHOLDERS, ...SERVER_PLACEHOLDERS].map((name) => (
          <button
            key={name}
            type="button"
            aria-label={t("channels.copy", { name })}
            className="wf-chip min-h-6 font-mono text-xs"
            data-tone="line"
            onClick={() => onInsert(name)}
          >
            {name}
          </button>
        ))}
      </div>
    </details>
  );
}
