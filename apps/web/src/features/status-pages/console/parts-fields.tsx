import { Plus } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import type { Form } from "#shell/console/use-form.ts";
import { Button } from "#ui/button.tsx";
import { Segmented } from "#ui/segmented.tsx";
import { GroupCard } from "./group-card.tsx";
import type { PageGroup, PageValues } from "./page-values.ts";
import { moved } from "./page-values.ts";

const DAYS = ["30", "90"] as const;
const MOST_GROUPS = 50;

/** What of the fleet is shown, in which order, and how much of it. */
export function PartsFields({ form }: { readonly form: Form<PageValues> }) {
  const { t } = useFormats();
  const { groups, values, history_days: days } = form.values;
  const set = (next: PageGroup[]) => form.set({ groups: next });
  return (
    <>
      <FormSection title={t("statusPages.field.groups")}>
        <p className="text-sm text-ink-2">{t("statusPages.groupsHelp")}</p>
        {groups.map((group, index) => (
          // Two groups may have the same name; their place tells them apart.
          <GroupCard
            key={index}
            group={group}
            wrong={form.errors.groups !== undefined && group.name.trim() === "" ? form.errors.groups : undefined}
            onChange={(next) => set(groups.map((other, i) => (i === index ? next : other)))}
            onMove={(step) => set(moved(groups, index, step))}
            onRemove={() => set(groups.filter((_, i) => i !== index))}
          />
        ))}
        {groups.length >= MOST_GROUPS ? null : (
          <Button size="small" className="justify-self-start" onClick={() => set([...groups, { name: "", names: {}, parts: [] }])}>
            <Plus className="size-4" aria-hidden="true" />
            {t("groups.add")}
          </Button>
        )}
      </FormSection>
      <FormSection title={t("statusPages.field.history_days")}>
        <Segmented
          label={t("statusPages.field.history_days")}
          className="justify-self-start"
          value={String(days) === "30" ? "30" : "90"}
          segments={DAYS.map((value) => ({ value, label: t("availability.days", { count: Number(value) }) }))}
          onChange={(value) => form.set({ history_days: value === "30" ? 30 : 90 })}
        />
      </FormSection>
      <FormSection title={t("statusPages.field.values")}>
        <Segmented
          label={t("statusPages.field.values")}
          className="justify-self-start"
          value={values}
          segments={(["states", "latency"] as const).map((value) => ({ value, label: t(`statusPages.shows.${value}`) }))}
          onChange={(next) => form.set({ values: next })}
        />
      </FormSection>
    </>
  );
}
