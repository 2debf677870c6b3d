import type { PageTemplate, PageTemplateForm } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FieldRow, FormSection } from "#shell/console/editor-drawer.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import type { EditorPlace } from "#shell/console/resource-page.tsx";
import { useForm } from "#shell/console/use-form.ts";
import { AreaField, TextField } from "#ui/field.tsx";
import { ImpactSelect, StatusSelect } from "./choice-fields.tsx";
import { ListTabs } from "./list-tabs.tsx";
import { OtherLanguages } from "./other-languages.tsx";

/** Texts of incidents that are written again and again. */
export function Page() {
  const { t } = useFormats();
  return (
    <ResourcePage
      title={t("statusPages.templates")}
      list={useList("/page-template")}
      columns={[
        { key: "title", label: t("statusPages.field.title"), className: "wide", cell: (row) => row.title },
        { key: "status", label: t("alerts.state"), cell: (row) => t(`statusPages.status.${row.status}`) },
      ]}
      texts={{ add: t("statusPages.addTemplate"), none: t("statusPages.noTemplates"), noneHelp: t("statusPages.noTemplatesHelp") }}
      remove={{ path: "/batch-delete/page-template", stale: ["/page-template"] }}
      editor={(place) => <TemplateEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <ListTabs />
    </ResourcePage>
  );
}

function readTemplate(template: PageTemplate | undefined): PageTemplateForm {
  const { name = "", title = "", titles = {}, impact = "minor", status = "investigating", text = "", texts = {} } = template ?? {};
  return { name, title, titles, impact, status, text, texts };
}

function TemplateEditor({ row, like, onClose }: EditorPlace<PageTemplate>) {
  const { t } = useFormats();
  const stored = useMemo(() => readTemplate(row ?? like), [row, like]);
  const save = useWrite(
    (api, body: PageTemplateForm) => (row === undefined ? api.post("/page-template", body) : api.patch(`/page-template/${row.id}`, body)),
    ["/page-template"],
  );
  const form = useForm<PageTemplateForm>({
    stored,
    source: "/page-template",
    labels: {
      name: t("form.name"),
      title: t("statusPages.field.title"),
      titles: t("statusPages.titles"),
      impact: t("statusPages.impactLabel"),
      status: t("alerts.state"),
      text: t("statusPages.text"),
      texts: t("statusPages.texts"),
    },
    fresh: row === undefined,
    check: ({ name }) => (name.trim() === "" ? { name: t("form.required") } : {}),
    save: async (values) => void (await save.mutateAsync(values)),
    onSaved: onClose,
  });
  return (
    <EditorDrawer
      title={row === undefined ? t("statusPages.addTemplate") : row.name}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <TextField {...form.text("title")} />
        <FieldRow>
          <ImpactSelect value={form.values.impact} onChange={(impact) => form.set({ impact })} />
          <StatusSelect value={form.values.status} onChange={(status) => form.set({ status })} />
        </FieldRow>
        <AreaField {...form.text("text")} help={t("statusPages.markdown")} rows={8} />
        <OtherLanguages
          title={{ first: form.values.title, value: form.values.titles, onChange: (titles) => form.set({ titles }) }}
          text={{ first: form.values.text, value: form.values.texts, onChange: (texts) => form.set({ texts }) }}
        />
      </FormSection>
    </EditorDrawer>
  );
}
