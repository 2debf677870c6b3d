import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { LANGUAGES } from "#lib/languages.ts";
import type { Language } from "#lib/languages.ts";
import { FormSection } from "#shell/console/editor-drawer.tsx";
import type { Form } from "#shell/console/use-form.ts";
import { AreaField, TextField } from "#ui/field.tsx";
import { LanguageSelect } from "./language-select.tsx";
import type { PageTexts, PageValues } from "./page-values.ts";

const EMPTY: PageTexts = { title: "", intro: "", footer: "" };
type Tag = Language["file"];

/** The same texts in other languages; what is left empty is read as it is written first. */
export function LanguageFields({ form }: { readonly form: Form<PageValues> }) {
  const { t } = useFormats();
  const { language, texts } = form.values;
  const others = LANGUAGES.filter(({ file }) => file !== language);
  const [chosen, choose] = useState<Tag>(() => others.find(({ file }) => texts[file] !== undefined)?.file ?? others[0]?.file ?? "en");
  const written = texts[chosen] ?? EMPTY;
  const put = (change: Partial<PageTexts>) => form.set({ texts: { ...texts, [chosen]: { ...written, ...change } } });
  return (
    <>
      <FormSection>
        <LanguageSelect
          label={t("statusPages.field.language")}
          help={t("statusPages.languageHelp")}
          languages={LANGUAGES}
          value={language}
          onChange={(next) => form.set({ language: next })}
        />
      </FormSection>
      <FormSection title={t("statusPages.field.texts")}>
        <LanguageSelect label={t("statusPages.otherLanguage")} languages={others} value={chosen} marked={texts} onChange={choose} />
        <TextField
          label={t("statusPages.field.title")}
          lang={chosen}
          placeholder={form.values.title}
          value={written.title}
          onChange={(event) => put({ title: event.target.value })}
        />
        <AreaField
          label={t("statusPages.field.intro")}
          lang={chosen}
          rows={4}
          value={written.intro}
          onChange={(event) => put({ intro: event.target.value })}
        />
        <AreaField
          label={t("statusPages.field.footer")}
          lang={chosen}
          value={written.footer}
          onChange={(event) => put({ footer: event.target.value })}
        />
        <Names form={form} language={chosen} />
      </FormSection>
    </>
  );
}

/** Headings and parts that have a name of their own, in the other language. */
function Names({ form, language }: { readonly form: Form<PageValues>; readonly language: Tag }) {
  const { groups } = form.values;
  const rename = (names: Partial<Record<Tag, string>>, name: string): Partial<Record<Tag, string>> => {
    const { [language]: _before, ...others } = names;
    return name === "" ? others : { ...others, [language]: name };
  };
  return groups.map((group, g) => (
    <div key={g} className="grid gap-3">
      <TextField
        label={group.name}
        lang={language}
        placeholder={group.name}
        value={group.names[language] ?? ""}
        onChange={(event) =>
          form.set({ groups: groups.map((other, i) => (i === g ? { ...other, names: rename(other.names, event.target.value) } : other)) })
        }
      />
      {group.parts.map((part, p) =>
        part.name === "" ? null : (
          <TextField
            key={`${part.kind} ${part.id}`}
            label={part.name}
            lang={language}
            placeholder={part.name}
            value={part.names[language] ?? ""}
            onChange={(event) => {
              const parts = group.parts.map((other, i) => (i === p ? { ...other, names: rename(other.names, event.target.value) } : other));
              form.set({ groups: groups.map((other, i) => (i === g ? { ...other, parts } : other)) });
            }}
          />
        ),
      )}
    </div>
  ));
}
