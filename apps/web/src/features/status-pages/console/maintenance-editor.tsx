import type { PageMaintenance, PageMaintenanceForm, PagePartRef, StatusPage } from "@windfire/api";
import { useMemo } from "react";
import { WindowPlan } from "#features/alerts/console/window-plan.tsx";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { useWrite } from "#shell/console/queries.ts";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";
import { useRowNames } from "./group-card.tsx";
import { checkWork, readWork, writeWork } from "./maintenance-values.ts";
import type { WorkValues } from "./maintenance-values.ts";
import { OtherLanguages } from "./other-languages.tsx";

interface EditorProps {
  readonly page: StatusPage;
  readonly row: PageMaintenance | undefined;
  readonly onClose: () => void;
}

/** What is worked on, when, and who hears of it. */
export function MaintenanceEditor({ page, row, onClose }: EditorProps) {
  const { t } = useFormats();
  const stored = useMemo(() => readWork(row, new Date()), [row]);
  const save = useWrite(
    (api, body: PageMaintenanceForm) =>
      row === undefined ? api.post("/page-maintenance", body) : api.patch(`/page-maintenance/${row.id}`, body),
    ["/page-maintenance", "/maintenance-window", "/status-page"],
  );
  const form = useForm<WorkValues>({
    stored,
    source: undefined,
    labels: useLabels(),
    fresh: row === undefined,
    check: (values) => translated(t, checkWork(values)),
    save: async (values) => void (await save.mutateAsync(writeWork(values, page.id))),
    onSaved: onClose,
  });
  return (
    <EditorDrawer
      title={row === undefined ? t("windows.add") : row.title}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("title")} />
        <AreaField {...form.text("text")} help={t("statusPages.markdown")} rows={4} />
        <OtherLanguages
          page={page}
          title={{ first: form.values.title, value: form.values.titles, onChange: (titles) => form.set({ titles }) }}
          text={{ first: form.values.text, value: form.values.texts, onChange: (texts) => form.set({ texts }) }}
        />
      </FormSection>
      <WindowPlan form={form} />
      <Parts page={page} chosen={form.values.affected} error={form.errors.affected} onChange={(affected) => form.set({ affected })} />
      <FormSection>
        <SwitchField {...form.toggle("silence")} help={t("statusPages.silenceHelp")} />
        <SwitchField {...form.toggle("notify")} />
      </FormSection>
    </EditorDrawer>
  );
}

interface PartsProps {
  readonly page: StatusPage;
  readonly chosen: readonly PagePartRef[];
  readonly error: string | undefined;
  readonly onChange: (chosen: readonly PagePartRef[]) => void;
}

/** Parts of the page that are worked on. */
function Parts({ page, chosen, error, onChange }: PartsProps) {
  const { t } = useFormats();
  const nameOf = useRowNames();
  const parts = page.groups.flatMap((group) => group.parts);
  const isChosen = ({ kind, id }: PagePartRef) => chosen.some((part) => part.kind === kind && part.id === id);
  return (
    <FormSection title={t("statusPages.affected")}>
      {parts.length === 0 ? <p className="text-sm text-ink-3">{t("statusPages.noParts")}</p> : null}
      <div className="grid max-h-60 gap-1 overflow-y-auto">
        {parts.map(({ kind, id, name }) => (
          <label key={`${kind} ${id}`} className="flex min-h-9 cursor-pointer items-center gap-3">
            <input
              type="checkbox"
              className="wf-check"
              aria-invalid={error !== undefined}
              checked={isChosen({ kind, id })}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, { kind, id }] : chosen.filter((part) => part.kind !== kind || part.id !== id))
              }
            />
            {name === "" ? nameOf({ kind, id }) : name}
          </label>
        ))}
      </div>
      {error === undefined ? null : <p className="text-sm text-crit-text">{error}</p>}
    </FormSection>
  );
}

function useLabels(): Record<keyof WorkValues, string> {
  const { t } = useFormats();
  return {
    title: t("statusPages.field.title"),
    titles: t("statusPages.titles"),
    text: t("statusPages.text"),
    texts: t("statusPages.texts"),
    kind: t("windows.kind"),
    from: t("windows.from"),
    to: t("windows.to"),
    days: t("windows.days"),
    at: t("windows.at"),
    schedule: t("tasks.expression"),
    minutes: t("windows.minutes"),
    zone: t("reports.zone"),
    affected: t("statusPages.affected"),
    silence: t("statusPages.silence"),
    notify: t("statusPages.notify"),
  };
}
