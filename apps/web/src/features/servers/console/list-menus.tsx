import { Bookmark, Columns3, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { STORAGE_KEYS } from "#lib/storage.ts";
import { useApp } from "#shell/app-context.tsx";
import { FormDialog } from "#shell/console/form-dialog.tsx";
import { useSearchState } from "#shell/navigation.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/field.tsx";
import { BY_WIDTH, CHOSEN_BY_READER, readColumns, SHOWN_BY_WIDTH, writeColumns } from "./column-choice.ts";
import type { ColumnName } from "./column-choice.ts";
import { isShown, openView, readViews, withView } from "./saved-views.ts";
import type { SavedView } from "./saved-views.ts";

/** The columns that the address says, else those chosen last in this browser. */
export function useChosenColumns(): [readonly ColumnName[] | undefined, (columns: readonly ColumnName[] | undefined) => void] {
  const { preferences } = useApp();
  const [search, change] = useSearchState();
  const stored = preferences.read(STORAGE_KEYS.serverColumns);
  const text = search["cols"] ?? stored ?? "";
  // The same list as long as the text is the same: columns are made anew for each other one.
  const [known, setKnown] = useState({ text, columns: readColumns(text) });
  const current = known.text === text ? known : { text, columns: readColumns(text) };
  if (current !== known) setKnown(current);
  return [
    current.columns,
    (columns) => {
      const next = columns === undefined ? BY_WIDTH : writeColumns(columns);
      preferences.write(STORAGE_KEYS.serverColumns, next);
      change({ cols: columns === undefined ? "" : next });
    },
  ];
}

/** Which columns the list shows. */
export function ColumnPicker({
  columns,
  onChange,
}: {
  readonly columns: readonly ColumnName[] | undefined;
  readonly onChange: (columns: readonly ColumnName[] | undefined) => void;
}) {
  const { t } = useFormats();
  const [open, setOpen] = useState(false);
  const shown = columns ?? SHOWN_BY_WIDTH;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Columns3 className="size-4" aria-hidden="true" />
        {t("columns.label")}
      </Button>
      {open ? (
        <Dialog
          title={t("columns.label")}
          onClose={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => onChange(undefined)}>{t("columns.byWidth")}</Button>
              <Button kind="primary" onClick={() => setOpen(false)}>
                {t("action.done")}
              </Button>
            </>
          }
        >
          <p className="text-sm text-ink-2">{t(columns === undefined ? "columns.auto" : "columns.help")}</p>
          <div className="grid grid-cols-2 gap-1">
            {CHOSEN_BY_READER.map((name) => (
              <label key={name} className="flex min-h-8 items-center gap-2.5">
                <input
                  type="checkbox"
                  className="wf-check"
                  checked={shown.includes(name)}
                  onChange={() => onChange(CHOSEN_BY_READER.filter((other) => shown.includes(other) !== (other === name)))}
                />
                {t(`columns.names.${name}`)}
              </label>
            ))}
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

/** Filters and columns under names of the reader's own. */
export function SavedViews() {
  const { t } = useFormats();
  const { preferences } = useApp();
  const [search, change] = useSearchState();
  const [views, setViews] = useState(() => readViews(preferences.read(STORAGE_KEYS.serverViews)));
  const [naming, setNaming] = useState(false);
  const keep = (next: readonly SavedView[]) => {
    setViews(next);
    preferences.write(STORAGE_KEYS.serverViews, JSON.stringify(next));
  };
  return (
    <>
      {views.map((view) => (
        <span key={view.name} className="inline-flex items-center">
          <button
            type="button"
            aria-pressed={isShown(view, search)}
            onClick={() => change(openView(view), { push: true })}
            className="inline-flex min-h-7 items-center gap-1.5 rounded-control px-2.5 text-sm font-medium whitespace-nowrap text-ink-2 hover:bg-sunken aria-pressed:bg-sunken aria-pressed:text-ink dark:hover:bg-line dark:aria-pressed:bg-line"
          >
            {view.name}
          </button>
          {isShown(view, search) ? (
            <IconButton label={t("views.forget", { name: view.name })} onClick={() => keep(views.filter((other) => other !== view))}>
              <Trash2 className="size-3.5" aria-hidden="true" />
            </IconButton>
          ) : null}
        </span>
      ))}
      <IconButton label={t("views.save")} onClick={() => setNaming(true)}>
        <Bookmark className="size-4" aria-hidden="true" />
      </IconButton>
      {naming ? <NameDialog onName={(name) => keep(withView(views, name, search))} onClose={() => setNaming(false)} /> : null}
    </>
  );
}

function NameDialog({ onName, onClose }: { readonly onName: (name: string) => void; readonly onClose: () => void }) {
  const { t } = useFormats();
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const run = async () => {
    setTried(true);
    if (name.trim() === "") return false;
    onName(name);
    return true;
  };
  return (
    <FormDialog title={t("views.save")} verb={t("action.save")} run={run} onClose={onClose}>
      <TextField
        label={t("form.name")}
        help={t("views.help")}
        autoFocus
        maxLength={40}
        value={name}
        error={tried && name.trim() === "" ? t("form.required") : undefined}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
