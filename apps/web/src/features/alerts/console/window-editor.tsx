import type { MaintenanceWindow, MaintenanceWindowForm } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import { SwitchField, TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { useSubjects } from "./use-subjects.ts";
import { WindowPlan } from "./window-plan.tsx";
import { checkWindow, readWindow, writeWindow } from "./window-values.ts";
import type { WindowValues } from "./window-values.ts";

const SPELLINGS = { enabled: "enable" } as const;

/** When, and of what nobody is told then. */
export function WindowEditor({ row, like, onClose }: EditorPlace<MaintenanceWindow>) {
  const { t } = useFormats();
  const { options } = useSubjects();
  const save = useWrite(
    (api, body: MaintenanceWindowForm) =>
      row === undefined ? api.post("/maintenance-window", body) : api.patch(`/maintenance-window/${row.id}`, body),
    ["/maintenance-window", "/incident"],
  );
  const stored = useMemo(() => readWindow(row ?? like, new Date()), [row, like]);
  const form = useForm<WindowValues>({
    stored,
    source: "/maintenance-window",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      enabled: t("alerts.enabled"),
      kind: t("windows.kind"),
      from: t("windows.from"),
      to: t("windows.to"),
      days: t("windows.days"),
      at: t("windows.at"),
      schedule: t("tasks.expression"),
      minutes: t("windows.minutes"),
      servers: t("nav.servers"),
      groups: t("nav.groups"),
      services: t("nav.services"),
      // Not changed here.
      zone: "",
      silence: "",
    },
    fresh: row === undefined,
    check: (values) => translated(t, checkWindow(values)),
    save: async (values) => void (await save.mutateAsync(writeWindow(values))),
    onSaved: onClose,
  });
  const { values, set } = form;
  return (
    <EditorDrawer
      title={row === undefined ? t("windows.add") : t("windows.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <SwitchField {...form.toggle("enabled")} />
      </FormSection>
      <WindowPlan form={form} />
      <FormSection title={t("windows.covers")}>
        <p className="text-sm text-ink-2">{t("windows.coversHelp")}</p>
        <Picker
          label={t("nav.groups")}
          error={form.errors.servers}
          options={options("group")}
          chosen={values.groups}
          onChange={(groups) => set({ groups })}
        />
        <Picker label={t("nav.servers")} options={options("server")} chosen={values.servers} onChange={(servers) => set({ servers })} />
        <Picker
          label={t("nav.services")}
          options={options("service")}
          chosen={values.services}
          onChange={(services) => set({ services })}
        />
      </FormSection>
    </EditorDrawer>
  );
}
