import { Plus } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { monthStart } from "#lib/wall-clock.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import { CoverageField } from "#shell/console/fields/coverage-field.tsx";
import { coversNothing } from "#shell/console/fields/coverage.ts";
import type { Coverage } from "#shell/console/fields/coverage.ts";
import type { Form } from "#shell/console/use-form.ts";
import { Note } from "#ui/banner.tsx";
import { Button } from "#ui/button.tsx";
import { AreaField } from "#ui/field.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { checkCondition, newCondition, readCondition } from "./condition-draft.ts";
import type { ConditionDraft } from "./condition-draft.ts";
import { hidesOffline, parseConditions, sharedCoverage, toJson } from "./rule-values.ts";
import type { RuleValues } from "./rule-values.ts";

interface ListProps {
  readonly form: Form<RuleValues>;
}

/** What has to be true, as sentences or as the text that the interface takes; and on which servers. */
export function ConditionList({ form }: ListProps) {
  const { t } = useFormats();
  const { values, set } = form;
  const asText = values.json !== undefined;
  const show = (view: "form" | "json") => {
    if (view === "json") return set({ json: toJson(values.conditions) });
    const parsed = parseConditions(values.json ?? "");
    if (parsed !== undefined) set({ conditions: parsed.map(readCondition), json: undefined });
  };
  return (
    <FormSection title={t("alerts.when")}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-ink-2">{t("alerts.whenHelp")}</p>
        <Segmented
          label={t("alerts.view")}
          value={asText ? "json" : "form"}
          onChange={show}
          segments={[
            { value: "form", label: t("alerts.form") },
            { value: "json", label: t("alerts.json") },
          ]}
        />
      </div>
      {asText ? (
        <AreaField
          label={t("alerts.conditions")}
          help={t("alerts.jsonHelp")}
          error={form.errors.json}
          mono
          rows={14}
          spellCheck={false}
          value={values.json}
          onChange={(event) => set({ json: event.target.value })}
        />
      ) : (
        <Drafts form={form} />
      )}
    </FormSection>
  );
}

function Drafts({ form }: ListProps) {
  const { t, time } = useFormats();
  const { conditions } = form.values;
  const put = (next: readonly ConditionDraft[]) => form.set({ conditions: next });
  const tried = form.errors.conditions !== undefined;
  const shared = sharedCoverage(conditions);
  const wrongIn = (coverage: Coverage) => (tried && coversNothing(coverage) ? t("cover.needed") : undefined);
  return (
    <>
      {conditions.map((draft, i) => (
        <div key={i} className="grid gap-3">
          {i === 0 ? null : <p className="text-sm text-ink-3">{t("alerts.and")}</p>}
          <ConditionFields
            draft={draft}
            errors={tried ? checkCondition(draft, Date.now()) : {}}
            onChange={(change) => put(conditions.map((other, at) => (at === i ? { ...other, ...change } : other)))}
            onRemove={conditions.length === 1 ? undefined : () => put(conditions.filter((_, at) => at !== i))}
          />
          {shared === undefined ? (
            <CoverageField
              value={draft.coverage}
              error={wrongIn(draft.coverage)}
              onChange={(coverage) => put(conditions.map((other, at) => (at === i ? { ...other, coverage } : other)))}
            />
          ) : null}
        </div>
      ))}
      {hidesOffline(conditions) ? <Note state="warn">{t("alerts.mixed")}</Note> : null}
      <Button
        size="small"
        className="justify-self-start"
        onClick={() =>
          put([
            ...conditions,
            { ...newCondition(monthStart(time.wall, Date.now())), ...(shared === undefined ? {} : { coverage: shared }) },
          ])
        }
      >
        <Plus className="size-4" aria-hidden="true" />
        {t("alerts.addCondition")}
      </Button>
      {shared === undefined ? null : (
        <FormSection title={t("alerts.where")}>
          <CoverageField
            value={shared}
            error={wrongIn(shared)}
            onChange={(coverage) => put(conditions.map((draft) => ({ ...draft, coverage })))}
          />
        </FormSection>
      )}
    </>
  );
}
