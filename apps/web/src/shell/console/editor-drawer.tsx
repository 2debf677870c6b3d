import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { Button } from "#ui/button.tsx";
import { Drawer } from "#ui/dialog.tsx";
import { useSaveKey } from "#ui/save-bar.tsx";
import { DraftGuard } from "./draft-guard.tsx";
import { FormNotes } from "./form-notes.tsx";
import type { Form } from "./use-form.ts";

/** The search parameter that keeps an editor open: the id of its row, or `new`. */
export const EDIT = "edit";
const HOLDS = [EDIT];

interface EditorProps<V extends object> {
  readonly title: string;
  /** Verb of the button: "Create", "Save". */
  readonly verb: string;
  readonly form: Form<V>;
  readonly tabs?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The form of one row beside its list; a full page on a phone. Its button is always in reach, and a draft is not lost without asking. */
export function EditorDrawer<V extends object>({ title, verb, form, tabs, onClose, children }: EditorProps<V>) {
  const { t } = useFormats();
  const { bar } = form;
  useSaveKey(bar.dirty, bar.onSave);
  return (
    <Drawer
      name={title}
      wide
      onClose={onClose}
      title={<h2 className="line-clamp-2 text-lg wrap-anywhere">{title}</h2>}
      tabs={tabs}
      footer={
        <>
          <div className="grid w-full gap-2 empty:hidden">
            <FormNotes form={bar} />
          </div>
          <span className="min-w-0 flex-1 truncate text-sm text-ink-2">{bar.dirty ? bar.summary : ""}</span>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form="editor" disabled={bar.busy}>
            {verb}
          </Button>
        </>
      }
    >
      <form id="editor" className="grid grid-cols-[minmax(0,1fr)] gap-6" noValidate onSubmit={form.submit}>
        {children}
      </form>
      <DraftGuard dirty={bar.dirty} changed={bar.changed} holds={HOLDS} />
    </Drawer>
  );
}

/** Fields that belong together. */
export function FormSection({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      {title === undefined ? null : <legend className="mb-3 text-sm font-strong text-ink-2">{title}</legend>}
      {children}
    </fieldset>
  );
}

/** Short fields side by side where there is room. */
export function FieldRow({ children }: { readonly children: ReactNode }) {
  return <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,8rem),1fr))] gap-4">{children}</div>;
}
