import type { Cron, CronFormInput } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import { CoverageField } from "#shell/console/fields/coverage-field.tsx";
import { GroupSelect } from "#shell/console/fields/group-select.tsx";
import { useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { translated } from "#shell/console/translated.ts";
import { useForm } from "#shell/console/use-form.ts";
import type { Form } from "#shell/console/use-form.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { checkTask, PRESETS, readTask, TASK_KINDS, TOGETHER, writeTask } from "./task-values.ts";
import type { TaskValues } from "./task-values.ts";

const SPELLINGS = {
  // What is wrong with a schedule is said in the words of the parser, which name no field.
  expression:
    /^(scheduler: |expected |failed to parse |unrecognized |provided bad location|end of range|beginning of range|step of range|too many )/,
  coverage: "servers",
  group: "notification_group_id",
} as const;

/** A command with its schedule, its servers and who hears of it. */
export function TaskEditor({ row, like, onClose }: EditorPlace<Cron>) {
  const { t } = useFormats();
  const save = useWrite(
    (api, body: CronFormInput) => (row === undefined ? api.post("/cron", body) : api.patch(`/cron/${row.id}`, body)),
    ["/cron"],
  );
  const stored = useMemo(() => readTask(row ?? like), [row, like]);
  const form = useForm<TaskValues>({
    stored,
    source: "/cron",
    spellings: SPELLINGS,
    labels: {
      name: t("form.name"),
      kind: t("tasks.kind"),
      expression: t("tasks.expression"),
      command: t("tasks.command"),
      coverage: t("tasks.where"),
      group: t("notify.tell"),
      pushSuccess: t("tasks.pushSuccess"),
      tellMissed: t("tasks.tellMissed"),
      keepRuns: t("tasks.keepRuns"),
      keepOutput: t("tasks.keepOutput"),
    },
    fresh: row === undefined,
    together: TOGETHER,
    check: (values) => translated(t, checkTask(values)),
    save: async (values) => void (await save.mutateAsync(writeTask(values))),
    onSaved: onClose,
  });
  const { values, set } = form;
  return (
    <EditorDrawer
      title={row === undefined ? t("tasks.add") : t("tasks.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <AreaField {...form.text("command")} help={t("tasks.commandHelp")} mono rows={4} spellCheck={false} />
      </FormSection>
      <When form={form} />
      <FormSection title={t("tasks.where")}>
        <CoverageField
          value={values.coverage}
          error={form.errors.coverage}
          modes={values.kind === "triggered" ? ["only", "except", "alerting"] : ["only", "except"]}
          onChange={(coverage) => set({ coverage })}
        />
      </FormSection>
      <FormSection title={t("tasks.after")}>
        <GroupSelect label={t("notify.tell")} error={form.errors.group} value={values.group} onChange={(group) => set({ group })} />
        <SwitchField {...form.toggle("pushSuccess")} help={t("tasks.pushSuccessHelp")} />
        <SwitchField {...form.toggle("tellMissed")} help={t("tasks.tellMissedHelp")} />
      </FormSection>
      <FormSection title={t("tasks.keep")}>
        <FieldRow>
          <TextField {...form.text("keepRuns")} inputMode="numeric" />
          <TextField {...form.text("keepOutput")} inputMode="decimal" />
        </FieldRow>
      </FormSection>
    </EditorDrawer>
  );
}

function When({ form }: { readonly form: Form<TaskValues> }) {
  const { t } = useFormats();
  const { values, set } = form;
  const choose = (kind: TaskValues["kind"]) =>
    set(kind === "scheduled" && values.coverage.mode === "alerting" ? { kind, coverage: { ...values.coverage, mode: "only" } } : { kind });
  return (
    <FormSection title={t("tasks.kind")}>
      <Segmented
        label={t("tasks.kind")}
        className="justify-self-start"
        value={values.kind}
        onChange={choose}
        segments={TASK_KINDS.map((value) => ({ value, label: t(`tasks.${value}`) }))}
      />
      {values.kind === "scheduled" ? (
        <>
          <TextField {...form.text("expression")} help={t("tasks.expressionHelp")} mono spellCheck={false} autoCapitalize="none" />
          <div role="group" aria-label={t("tasks.presets")} className="flex flex-wrap gap-1.5">
            {Object.entries(PRESETS).map(([name, expression]) => (
              <button key={name} type="button" className="wf-chip min-h-6" data-tone="line" onClick={() => set({ expression })}>
                {t(`tasks.preset.${name}`)}
              </button>
            ))}
          </div>
        </>
      ) : null}
    </FormSection>
  );
}
