import type { Report, ReportForm } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { weekdayName } from "#lib/time-format.ts";
import { EditorDrawer, FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import { GroupSelect } from "#shell/console/fields/group-select.tsx";
import { useList, useServerGroups, useServerRows, useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import type { Form } from "#shell/console/use-form.ts";
import { SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { ReportPreviewSection } from "./report-preview.tsx";
import { checkReport, EVERY, PARTS, readReport, TOGETHER, WEEKDAYS, writeReport } from "./report-values.ts";
import type { ReportValues } from "./report-values.ts";

const SPELLINGS = { enabled: "enable", group: "notification_group_id" } as const;

/** When, of what, to whom; and what it would say now. */
export function ReportEditor({ row, like, onClose }: EditorPlace<Report>) {
  const { t } = useFormats();
  const save = useWrite(
    (api, body: ReportForm) => (row === undefined ? api.post("/report", body) : api.patch(`/report/${row.id}`, body)),
    ["/report"],
  );
  const stored = useMemo(() => readReport(row ?? like), [row, like]);
  const form = useForm<ReportValues>({
    stored,
    source: "/report",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      enabled: t("alerts.enabled"),
      every: t("windows.kind"),
      weekday: t("reports.weekday"),
      day: t("reports.day"),
      at: t("reports.at"),
      zone: t("reports.zone"),
      parts: t("reports.parts"),
      group: t("notify.tell"),
      groups: t("nav.groups"),
      servers: t("nav.servers"),
      services: t("nav.services"),
    },
    fresh: row === undefined,
    together: TOGETHER,
    check: (values) => translated(t, checkReport(values)),
    save: async (values) => void (await save.mutateAsync(writeReport(values))),
    onSaved: onClose,
  });
  const { values, set } = form;
  return (
    <EditorDrawer
      title={row === undefined ? t("reports.add") : t("reports.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <SwitchField {...form.toggle("enabled")} />
        <GroupSelect label={t("notify.tell")} error={form.errors.group} value={values.group} onChange={(group) => set({ group })} />
      </FormSection>
      <When form={form} />
      <Parts form={form} />
      <Covered form={form} />
      <ReportPreviewSection form={form} />
    </EditorDrawer>
  );
}

interface PartProps {
  readonly form: Form<ReportValues>;
}

function When({ form }: PartProps) {
  const { t, language } = useFormats();
  const { values, set } = form;
  return (
    <FormSection title={t("windows.when")}>
      <Segmented
        label={t("windows.kind")}
        className="justify-self-start"
        value={values.every}
        onChange={(every) => set({ every })}
        segments={EVERY.map((value) => ({ value, label: t(`reports.every.${value}`) }))}
      />
      <FieldRow>
        {values.every === "weekly" ? (
          <SelectField
            label={t("reports.weekday")}
            value={String(values.weekday)}
            onChange={(event) => set({ weekday: Number(event.target.value) })}
          >
            {WEEKDAYS.map((day) => (
              <option key={day} value={day}>
                {weekdayName(language, day)}
              </option>
            ))}
          </SelectField>
        ) : null}
        {values.every === "monthly" ? <TextField {...form.text("day")} help={t("reports.dayHelp")} inputMode="numeric" /> : null}
        <TextField {...form.text("at")} type="time" />
        <TextField {...form.text("zone")} placeholder="Europe/Berlin" help={t("reports.zoneHelp")} spellCheck={false} />
      </FieldRow>
    </FormSection>
  );
}

function Parts({ form }: PartProps) {
  const { t } = useFormats();
  const { values, errors, set } = form;
  return (
    <FormSection title={t("reports.parts")}>
      <div className="grid gap-2">
        {PARTS.map((part) => (
          <label key={part} className="flex min-h-6 items-center gap-2.5">
            <input
              type="checkbox"
              className="wf-check"
              checked={values.parts.includes(part)}
              aria-invalid={errors.parts !== undefined}
              onChange={(event) =>
                set({ parts: PARTS.filter((other) => (other === part ? event.target.checked : values.parts.includes(other))) })
              }
            />
            {t(`reports.part.${part}`)}
          </label>
        ))}
      </div>
      {errors.parts === undefined ? null : <p className="text-sm text-crit-text">{errors.parts}</p>}
    </FormSection>
  );
}

function Covered({ form }: PartProps) {
  const { t } = useFormats();
  const { values, set } = form;
  const groups = useServerGroups().rows.map(({ group }) => group);
  const servers = useServerRows().rows;
  const services = useList("/service/list").rows;
  return (
    <FormSection title={t("windows.covers")}>
      <p className="text-sm text-ink-2">{t("reports.coversHelp")}</p>
      <Picker label={t("nav.groups")} options={groups} chosen={values.groups} onChange={(chosen) => set({ groups: chosen })} />
      <Picker label={t("nav.servers")} options={servers} chosen={values.servers} onChange={(chosen) => set({ servers: chosen })} />
      <Picker label={t("nav.services")} options={services} chosen={values.services} onChange={(chosen) => set({ services: chosen })} />
    </FormSection>
  );
}
