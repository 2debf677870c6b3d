import { Link } from "@tanstack/react-router";
import type { Service, ServiceFormInput } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { CoverageField } from "#shell/console/fields/coverage-field.tsx";
import { GroupSelect } from "#shell/console/fields/group-select.tsx";
import { ReachedThroughField } from "#shell/console/fields/reached-through-field.tsx";
import { TaskPicker } from "#shell/console/fields/task-picker.tsx";
import { EditorDrawer, FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import { useWrite } from "#shell/console/queries.ts";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { useForm } from "#shell/console/use-form.ts";
import type { Form } from "#shell/console/use-form.ts";
import { translated } from "#shell/console/translated.ts";
import { SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { VantagePoints } from "./vantage-points.tsx";
import { checkService, KINDS, QUORUM_KINDS, readService, TOGETHER, writeService } from "./service-values.ts";
import type { QuorumKind, ServiceValues } from "./service-values.ts";

const SPELLINGS = {
  kind: /^invalid service monitor type/,
  coverage: "skip_servers",
  group: "notification_group_id",
  min: "min_latency",
  max: "max_latency",
  weight: "display_index",
  quorumValue: "quorum",
  through: "reached_through",
  failTasks: "fail_trigger_tasks",
  recoverTasks: "recover_trigger_tasks",
} as const;

const EXAMPLES = { http: "https://example.com", icmp: "example.com", tcp: "example.com:443" } as const;

/** A new service, or all of an existing one with the places it is seen from. */
export function ServiceEditor({ row, like, onClose }: EditorPlace<Service>) {
  const { t } = useFormats();
  const save = useWrite(
    (api, body: ServiceFormInput) => (row === undefined ? api.post("/service", body) : api.patch(`/service/${row.id}`, body)),
    ["/service/list", "/service"],
  );
  const stored = useMemo(() => readService(row ?? like), [row, like]);
  const form = useForm<ServiceValues>({
    stored,
    source: "/service/list",
    spellings: SPELLINGS,
    labels: useLabels(),
    fresh: row === undefined,
    together: TOGETHER,
    check: (values) => translated(t, checkService(values)),
    save: async (values) => void (await save.mutateAsync(writeService(values))),
    onSaved: onClose,
  });
  return (
    <EditorDrawer
      title={row === undefined ? t("services.add") : t("services.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      {row === undefined ? null : <VantagePoints id={row.id} />}
      <ProbeFields form={form} />
      <FormSection title={t("services.from")}>
        <CoverageField value={form.values.coverage} error={form.errors.coverage} onChange={(coverage) => form.set({ coverage })} />
      </FormSection>
      <JudgeFields form={form} />
      <ReachedThroughField
        own={row === undefined ? undefined : { kind: "service", id: row.id }}
        value={form.values.through}
        onChange={(through) => form.set({ through })}
      />
      <MessageFields form={form} />
      <FormSection title={t("services.trigger")}>
        <SwitchField {...form.toggle("trigger")} />
        {form.values.trigger ? (
          <>
            <TaskPicker
              label={t("services.onFail")}
              error={form.errors.failTasks}
              chosen={form.values.failTasks}
              onChange={(failTasks) => form.set({ failTasks })}
            />
            <TaskPicker
              label={t("services.onRecover")}
              chosen={form.values.recoverTasks}
              onChange={(recoverTasks) => form.set({ recoverTasks })}
            />
          </>
        ) : null}
      </FormSection>
      <FormSection title={t("services.list")}>
        <TextField {...form.text("weight")} help={t("fact.weightHelp")} inputMode="numeric" />
        <SwitchField {...form.toggle("hide")} />
      </FormSection>
    </EditorDrawer>
  );
}

function ProbeFields({ form }: { readonly form: Form<ServiceValues> }) {
  const { t } = useFormats();
  const { kind } = form.values;
  return (
    <FormSection title={t("services.probes")}>
      <TextField {...form.text("name")} />
      <Segmented
        label={t("services.kind")}
        className="justify-self-start"
        value={kind}
        onChange={(next) => form.set({ kind: next })}
        segments={KINDS.map((value) => ({ value, label: t(`services.kinds.${value}`) }))}
      />
      <TextField
        {...form.text("target")}
        help={t(`services.targetHelp.${kind}`)}
        placeholder={EXAMPLES[kind]}
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField {...form.text("duration")} inputMode="numeric" />
    </FormSection>
  );
}

/** When it counts as down. */
function JudgeFields({ form }: { readonly form: Form<ServiceValues> }) {
  const { t } = useFormats();
  const { quorum } = form.values;
  return (
    <FormSection title={t("services.judge")}>
      <FieldRow>
        <SelectField
          label={t("services.quorum")}
          help={t(`services.quorumHelp.${quorum}`)}
          value={quorum}
          onChange={(event) => form.set({ quorum: event.target.value as QuorumKind })}
        >
          {QUORUM_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`services.quorums.${kind}`)}
            </option>
          ))}
        </SelectField>
        {quorum === "recent" ? null : <TextField {...form.text("quorumValue")} inputMode="numeric" />}
      </FieldRow>
      <TextField {...form.text("retries")} help={t("services.retriesHelp")} inputMode="numeric" />
    </FormSection>
  );
}

function MessageFields({ form }: { readonly form: Form<ServiceValues> }) {
  const { t } = useFormats();
  return (
    <FormSection title={t("services.messages")}>
      <GroupSelect label={t("notify.tell")} error={form.errors.group} value={form.values.group} onChange={(group) => form.set({ group })} />
      <SwitchField {...form.toggle("notify")} />
      <p className="flex flex-wrap gap-x-3 text-sm text-ink-2">
        {t("services.forAWhile")}
        <Link to="/snooze">{t("nav.snoozes")}</Link>
        <Link to="/maintenance-window">{t("nav.windows")}</Link>
      </p>
      <SwitchField {...form.toggle("latencyNotify")} />
      {form.values.latencyNotify ? (
        <FieldRow>
          <TextField {...form.text("min")} help={t("services.maxHelp")} inputMode="decimal" />
          <TextField {...form.text("max")} help={t("services.maxHelp")} inputMode="decimal" />
        </FieldRow>
      ) : null}
    </FormSection>
  );
}

function useLabels(): Record<keyof ServiceValues, string> {
  const { t } = useFormats();
  return {
    name: t("form.name"),
    kind: t("services.kind"),
    target: t("services.target"),
    duration: t("services.every"),
    coverage: t("services.from"),
    group: t("notify.tell"),
    notify: t("services.notify"),
    latencyNotify: t("services.latencyNotify"),
    min: t("services.min"),
    max: t("services.max"),
    trigger: t("services.trigger"),
    failTasks: t("services.onFail"),
    recoverTasks: t("services.onRecover"),
    weight: t("services.weight"),
    hide: t("services.hide"),
    quorum: t("services.quorum"),
    quorumValue: t("services.quorumValue"),
    retries: t("services.retries"),
    through: t("through.label"),
  };
}
