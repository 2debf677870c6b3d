import { Plus, X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import type { Form } from "#shell/console/use-form.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { AreaField, TextField } from "#ui/field.tsx";
import type { PageValues } from "./page-values.ts";

const MOST_LINKS = 10;

/** What the page is called and says, and where it leads. */
export function ContentFields({ form }: { readonly form: Form<PageValues> }) {
  const { t } = useFormats();
  return (
    <>
      <FormSection>
        <TextField {...form.text("title")} />
        <TextField {...form.text("slug")} help={`/status/${form.values.slug}`} mono autoCapitalize="none" spellCheck={false} />
        <AreaField {...form.text("intro")} help={t("statusPages.markdown")} rows={4} />
        <AreaField {...form.text("footer")} help={t("statusPages.markdown")} />
      </FormSection>
      <Links form={form} />
    </>
  );
}

function Links({ form }: { readonly form: Form<PageValues> }) {
  const { t } = useFormats();
  const { links } = form.values;
  const put = (index: number, change: Partial<(typeof links)[number]>) =>
    form.set({ links: links.map((link, i) => (i === index ? { ...link, ...change } : link)) });
  return (
    <FormSection title={t("statusPages.field.links")}>
      {links.map((link, index) => (
        // Links have nothing but their place to be told apart by.
        <div key={index} className="flex items-end gap-2">
          <div className="grid flex-1 grid-cols-[repeat(auto-fit,minmax(min(100%,10rem),1fr))] gap-2">
            <TextField
              label={t("statusPages.linkText")}
              value={link.title}
              onChange={(event) => put(index, { title: event.target.value })}
            />
            <TextField
              label={t("column.address")}
              placeholder="https://example.com"
              inputMode="url"
              value={link.url}
              onChange={(event) => put(index, { url: event.target.value.trim() })}
            />
          </div>
          <IconButton
            size="normal"
            label={t("picker.remove", { name: link.title })}
            onClick={() => form.set({ links: links.filter((_, i) => i !== index) })}
          >
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      {form.errors.links === undefined ? null : <p className="text-sm text-crit-text">{form.errors.links}</p>}
      {links.length >= MOST_LINKS ? null : (
        <Button size="small" className="justify-self-start" onClick={() => form.set({ links: [...links, { title: "", url: "" }] })}>
          <Plus className="size-4" aria-hidden="true" />
          {t("statusPages.addLink")}
        </Button>
      )}
    </FormSection>
  );
}
