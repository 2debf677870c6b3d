import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { RefusalContext } from "#ui/refusal.ts";
import { DraftGuard } from "./draft-guard.tsx";
import { focusFirstError } from "./focus-error.ts";
import { refusalOf } from "./refused-field.ts";

interface FormDialogProps {
  readonly title: string;
  /** Verb of the button: "Create", "Save". */
  readonly verb: string;
  readonly wide?: boolean;
  /** What the dashboard says of fields without naming them, by their `name`. */
  readonly spellings?: Readonly<Record<string, RegExp>>;
  /** `false`: something is missing, and the fields now say what. */
  readonly run: () => Promise<boolean | void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A short form over the page. Closes when it worked; a refusal stands above the button in full, and at the field with the `name` that it
 * speaks of; a draft is not lost without asking.
 */
export function FormDialog({ title, verb, wide = false, spellings, run, onClose, children }: FormDialogProps) {
  const { t } = useFormats();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const [touched, setTouched] = useState(false);
  const [asking, setAsking] = useState(false);
  const close = () => (touched ? setAsking(true) : onClose());
  const onInput = () => {
    setTouched(true);
    setError(undefined);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      if ((await run()) !== false) return onClose();
      focusFirstError();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      focusFirstError();
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={title}
      wide={wide}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form="form-dialog" disabled={busy}>
            {verb}
          </Button>
        </>
      }
    >
      <form id="form-dialog" className="grid gap-4" onInput={onInput} onSubmit={(event) => void submit(event)}>
        <RefusalContext value={error === undefined ? undefined : refusalOf(error, spellings)}>{children}</RefusalContext>
        {error === undefined ? null : (
          <Note state="critical" alert>
            {error}
          </Note>
        )}
      </form>
      <DraftGuard dirty={touched} changed={[]} />
      {asking ? (
        <ConfirmDialog
          title={t("form.leaveTitle")}
          names={[]}
          verb={t("action.discard")}
          cancel={t("form.stay")}
          run={async () => onClose()}
          onClose={() => setAsking(false)}
        >
          {t("form.leaveHelp")}
        </ConfirmDialog>
      ) : null}
    </Dialog>
  );
}
