import { useFormats } from "#lib/formats.ts";
import { weekdayName } from "#lib/time-format.ts";
import { FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import type { Form } from "#shell/console/use-form.ts";
import { DateTimeField } from "#ui/date-time-field.tsx";
import { TextField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { PLAN_KINDS, WEEKDAYS } from "./plan-values.ts";
import type { PlanValues } from "./plan-values.ts";

interface PlanProps {
  readonly form: Form<PlanValues>;
}

/** Once, on days of the week, or by a schedule. */
export function WindowPlan({ form }: PlanProps) {
  const { t } = useFormats();
  const { values, set } = form;
  const minutes = <TextField {...form.text("minutes")} help={t("windows.minutesHelp")} inputMode="numeric" />;
  return (
    <FormSection title={t("windows.when")}>
      <Segmented
        label={t("windows.kind")}
        className="justify-self-start"
        value={values.kind}
        onChange={(kind) => set({ kind })}
        segments={PLAN_KINDS.map((kind) => ({ value: kind, label: t(`windows.kinds.${kind}`) }))}
      />
      {values.kind === "once" ? (
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] gap-4">
          <DateTimeField {...form.text("from")} />
          <DateTimeField {...form.text("to")} />
        </div>
      ) : null}
      {values.kind === "weekly" ? (
        <>
          <Days form={form} />
          <FieldRow>
            <TextField {...form.text("at")} help={t("windows.zone")} type="time" />
            {minutes}
          </FieldRow>
        </>
      ) : null}
      {values.kind === "cron" ? (
        <>
          <TextField {...form.text("schedule")} mono help={`${t("tasks.expressionHelp")} ${t("windows.zone")}`} />
          {minutes}
        </>
      ) : null}
    </FormSection>
  );
}

function Days({ form }: PlanProps) {
  const { t, language } = useFormats();
  const { values, errors, set } = form;
  const toggle = (day: number) =>
    set({ days: values.days.includes(day) ? values.days.filter((other) => other !== day) : [...values.days, day] });
  return (
    <div className="grid gap-1.5">
      <span className="font-medium">{t("windows.days")}</span>
      <div role="group" aria-label={t("windows.days")} className="flex flex-wrap gap-1.5">
        {WEEKDAYS.map((day) => (
          <label key={day} className="wf-btn" data-size="small">
            <input
              type="checkbox"
              className="wf-check"
              checked={values.days.includes(day)}
              aria-invalid={errors.days !== undefined}
              onChange={() => toggle(day)}
            />
            {weekdayName(language, day)}
          </label>
        ))}
      </div>
      {errors.days === undefined ? null : <p className="text-sm text-crit-text">{errors.days}</p>}
    </div>
  );
}
