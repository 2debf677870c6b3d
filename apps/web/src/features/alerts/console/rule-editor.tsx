import type { AlertRule, AlertRuleFormInput } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { monthStart } from "#lib/wall-clock.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { GroupSelect } from "#shell/console/fields/group-select.tsx";
import { TaskPicker } from "#shell/console/fields/task-picker.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { SwitchField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { ConditionList } from "./condition-list.tsx";
import { DryRun } from "./dry-run.tsx";
import { checkRule, readRule, SEVERITIES, writeRule } from "./rule-values.ts";
import type { RuleValues } from "./rule-values.ts";

const SPELLINGS = {
  enabled: "enable",
  conditions: "rules",
  group: "notification_group_id",
  failTasks: "fail_trigger_tasks",
  recoverTasks: "recover_trigger_tasks",
} as const;

/** Whoever has one group wants it told by what is new; 0 for none or several. */
function useOnlyGroup(): number {
  const [first, second] = useList("/notification-group").rows;
  return first !== undefined && second === undefined ? first.group.id : 0;
}

/** Conditions, servers, and what follows. */
export function RuleEditor({ row, like, onClose }: EditorPlace<AlertRule>) {
  const { t, time } = useFormats();
  const save = useWrite(
    (api, body: AlertRuleFormInput) => (row === undefined ? api.post("/alert-rule", body) : api.patch(`/alert-rule/${row.id}`, body)),
    ["/alert-rule", "/service"],
  );
  const only = useOnlyGroup();
  const stored = useMemo(() => {
    const read = readRule(row ?? like, monthStart(time.wall, Date.now()));
    return row === undefined && like === undefined ? { ...read, group: only } : read;
  }, [row, like, time, only]);
  const form = useForm<RuleValues>({
    stored,
    source: "/alert-rule",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      enabled: t("alerts.enabled"),
      conditions: t("alerts.conditions"),
      json: t("alerts.conditions"),
      severity: t("incident.severity"),
      group: t("notify.tell"),
      once: t("alerts.mode"),
      failTasks: t("alerts.onFail"),
      recoverTasks: t("alerts.onRecover"),
    },
    fresh: row === undefined,
    check: (values) => translated(t, checkRule(values, Date.now())),
    save: async (values) => void (await save.mutateAsync(writeRule(values))),
    onSaved: onClose,
  });
  const { values, set } = form;
  return (
    <EditorDrawer
      title={row === undefined ? t("alerts.add") : t("alerts.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      {row?.invalid === undefined ? null : <Note state="warn">{t("alerts.invalid", { reason: row.invalid })}</Note>}
      <FormSection>
        <TextField {...form.text("name")} />
        <SwitchField {...form.toggle("enabled")} />
      </FormSection>
      <ConditionList form={form} />
      <DryRun form={form} />
      <FormSection title={t("alerts.then")}>
        <div className="grid gap-1.5">
          <span className="font-medium">{t("incident.severity")}</span>
          <Segmented
            label={t("incident.severity")}
            className="justify-self-start"
            value={values.severity}
            onChange={(severity) => set({ severity })}
            segments={SEVERITIES.map((value) => ({ value, label: t(`channels.severity.${value}`) }))}
          />
          <p className="text-sm text-ink-3">{t("incident.severityHelp")}</p>
        </div>
        <GroupSelect label={t("notify.tell")} value={values.group} onChange={(group) => set({ group })} />
        <Segmented
          label={t("alerts.mode")}
          className="justify-self-start"
          value={values.once ? "once" : "always"}
          onChange={(mode) => set({ once: mode === "once" })}
          segments={[
            { value: "once", label: t("alerts.once") },
            { value: "always", label: t("alerts.always") },
          ]}
        />
        {values.once ? null : <p className="text-sm text-ink-3">{t("alerts.modeHelp")}</p>}
        <TaskPicker label={t("alerts.onFail")} chosen={values.failTasks} onChange={(failTasks) => set({ failTasks })} />
        <TaskPicker label={t("alerts.onRecover")} chosen={values.recoverTasks} onChange={(recoverTasks) => set({ recoverTasks })} />
      </FormSection>
    </EditorDrawer>
  );
}
