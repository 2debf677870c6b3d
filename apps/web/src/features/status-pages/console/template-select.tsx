import type { PageTemplate } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { useList } from "#shell/console/queries.ts";
import { SelectField } from "#ui/field.tsx";

/** Texts that were kept for the like of this; nothing where none were. */
export function TemplateSelect({ onChoose }: { readonly onChoose: (template: PageTemplate) => void }) {
  const { t } = useFormats();
  const { rows } = useList("/page-template");
  if (rows.length === 0) return null;
  return (
    <SelectField
      label={t("statusPages.template")}
      value=""
      onChange={(event) => {
        const template = rows.find(({ id }) => String(id) === event.target.value);
        if (template !== undefined) onChoose(template);
      }}
    >
      <option value="">{t("snooze.choose")}</option>
      {rows.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
