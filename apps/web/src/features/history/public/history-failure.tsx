import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { isHistoryAway } from "#wire/history-away.ts";
import { HistoryAwayNote } from "../shared/history-away-note.tsx";

/** Why what is stored is not to be seen, or not as it is now. Nothing where there is no error. */
export function HistoryFailure({ error }: { readonly error: Error | undefined }) {
  const { t } = useFormats();
  if (error === undefined) return null;
  return (
    <div className="mb-3">
      {isHistoryAway(error) ? (
        <HistoryAwayNote />
      ) : (
        <Note state="critical" title={t("chart.failed")}>
          {error.message}
        </Note>
      )}
    </div>
  );
}
