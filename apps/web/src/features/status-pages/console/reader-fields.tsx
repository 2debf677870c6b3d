import type { StatusPage } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import type { Form } from "#shell/console/use-form.ts";
import { SelectField, SwitchField, TextField } from "#ui/field.tsx";
import { ClosedAtDomain } from "./closed-at-domain.tsx";
import type { PageValues } from "./page-values.ts";
import { VISIBILITIES } from "./words.ts";

interface ReaderProps {
  readonly form: Form<PageValues>;
  readonly page: Pick<StatusPage, "domain" | "has_password">;
}

/** Who reads the page, and how they may hear of news. */
export function ReaderFields({ form, page }: ReaderProps) {
  const { t } = useFormats();
  const { visibility } = form.values;
  return (
    <>
      <FormSection title={t("statusPages.readers")}>
        <SwitchField {...form.toggle("published")} help={t("statusPages.publishedHelp")} />
        <SelectField
          label={t("statusPages.field.visibility")}
          help={t(`statusPages.visibilityHelp.${visibility}`)}
          value={visibility}
          onChange={(event) => form.set({ visibility: VISIBILITIES.find((value) => value === event.target.value) ?? "public" })}
        >
          {VISIBILITIES.map((value) => (
            <option key={value} value={value}>
              {t(`statusPages.visibilities.${value}`)}
            </option>
          ))}
        </SelectField>
        <ClosedAtDomain page={{ domain: page.domain, visibility }} />
        {visibility === "password" ? (
          <TextField
            {...form.text("password")}
            type="password"
            autoComplete="new-password"
            help={page.has_password ? t("profile.newHelp") : undefined}
          />
        ) : null}
        <TextField {...form.text("zone")} help={t("reports.zoneHelp")} placeholder="Europe/Berlin" spellCheck={false} />
      </FormSection>
      <FormSection title={t("statusPages.subscribers")}>
        <SwitchField {...form.toggle("subscribe_email")} help={t("statusPages.emailHelp")} />
        <SwitchField {...form.toggle("subscribe_webhook")} />
      </FormSection>
    </>
  );
}
