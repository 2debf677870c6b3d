import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import type { FormState } from "./use-form.ts";

/** What keeps a form from being saved: a refusal, wrong fields, or somebody who was faster. */
export function FormNotes({ form: { error, clash, onKeepMine, onTakeTheirs } }: { readonly form: FormState }) {
  const { t } = useFormats();
  return (
    <>
      {error === undefined ? null : (
        <Note state="critical" alert>
          {error}
        </Note>
      )}
      {clash === "" ? null : (
        <Note state="warn" alert title={t("form.clash")}>
          {clash}
          <span className="mt-2 flex flex-wrap gap-2">
            <Button size="small" onClick={onTakeTheirs}>
              {t("form.takeTheirs")}
            </Button>
            <Button size="small" onClick={onKeepMine}>
              {t("form.keepMine")}
            </Button>
          </span>
        </Note>
      )}
    </>
  );
}
