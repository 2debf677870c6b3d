import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";

/** Why there is nothing stored to be seen while the place that keeps it is away, which passes by itself. */
export function HistoryAwayNote() {
  const { t } = useFormats();
  return (
    <Note state="warn" title={t("error.historyAway")}>
      {t("error.historyAwayHelp")}
    </Note>
  );
}
