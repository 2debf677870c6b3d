import { SaveBar } from "#ui/save-bar.tsx";
import { DraftGuard } from "./draft-guard.tsx";
import { FormNotes } from "./form-notes.tsx";
import type { FormState } from "./use-form.ts";

/** The save bar of a form that stands in a page or a drawer, and the question before its draft is lost. */
export function FormBar({ form, holds }: { readonly form: FormState; readonly holds?: readonly string[] }) {
  return (
    <>
      <SaveBar {...form}>
        <FormNotes form={form} />
      </SaveBar>
      <DraftGuard dirty={form.dirty} changed={form.changed} {...(holds === undefined ? {} : { holds })} />
    </>
  );
}
