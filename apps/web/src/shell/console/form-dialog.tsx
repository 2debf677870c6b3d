import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";

interface FormDialogProps {
  readonly title: string;
  /** Verb of the button: "Create", "Save". */
  readonly verb: string;
  readonly wide?: boolean;
  /** `false`: something is missing, and the fields now say what. */
  readonly run: () => Promise<boolean | void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A short form over the page. Closes when it worked; a refusal stands above the button in full. */
export function FormDialog({ title, verb, wide = false, run, onClose, children }: FormDialogProps) {
  const { t } = useFormats();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      if ((await run()) !== false) onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={title}
      wide={wide}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form="form-dialog" disabled={busy}>
            {verb}
          </Button>
        </>
      }
    >
      <form id="form-dialog" className="grid gap-4" onSubmit={(event) => void submit(event)}>
        {children}
        {error === undefined ? null : (
          <Note state="critical" alert>
            {error}
          </Note>
        )}
      </form>
    </Dialog>
  );
}
