import type { PageLanguage, StatusPage } from "@windfire/api";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { LANGUAGES } from "#lib/languages.ts";
import { AreaField, TextField } from "#ui/field.tsx";
import { LanguageSelect } from "./language-select.tsx";

/** A text by the language that it is written in. */
export type InLanguages = Partial<Record<PageLanguage, string>>;

/** A text of several with one of them put in; an empty one is taken away. */
export function withText(texts: InLanguages, language: PageLanguage, text: string): InLanguages {
  const { [language]: _before, ...others } = texts;
  return text === "" ? others : { ...others, [language]: text };
}

interface Several {
  /** As it is written first. */
  readonly first: string;
  readonly value: InLanguages;
  readonly onChange: (value: InLanguages) => void;
}

interface OtherLanguagesProps {
  /** Where it is read; left out: on any page. */
  readonly page?: Pick<StatusPage, "language" | "texts"> | undefined;
  readonly title?: Several;
  readonly text?: Several;
}

/** The same in other languages, one at a time; readers of the rest get what was written first. */
export function OtherLanguages({ page, title, text }: OtherLanguagesProps) {
  const { t } = useFormats();
  const others = LANGUAGES.filter(({ file }) => file !== page?.language);
  const written = { ...title?.value, ...text?.value };
  // Only where it begins: whoever empties the last text is not to lose the field.
  const [isOpen] = useState(Object.keys(written).length > 0);
  const [chosen, choose] = useState(
    () => (others.find(({ file }) => file in written || page?.texts[file] !== undefined) ?? others[0])?.file ?? "en",
  );
  return (
    <details className="wf-card p-4" open={isOpen}>
      <summary className="cursor-pointer font-medium">{t("statusPages.field.texts")}</summary>
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-3">
        <LanguageSelect
          label={t("statusPages.otherLanguage")}
          help={t("statusPages.otherLanguageHelp")}
          languages={others}
          value={chosen}
          marked={written}
          onChange={choose}
        />
        {title === undefined ? null : (
          <TextField
            label={t("statusPages.titleIn", { language: nameOf(chosen) })}
            lang={chosen}
            placeholder={title.first}
            value={title.value[chosen] ?? ""}
            onChange={(event) => title.onChange(withText(title.value, chosen, event.target.value))}
          />
        )}
        {text === undefined ? null : (
          <AreaField
            label={t("statusPages.textIn", { language: nameOf(chosen) })}
            lang={chosen}
            rows={4}
            value={text.value[chosen] ?? ""}
            onChange={(event) => text.onChange(withText(text.value, chosen, event.target.value))}
          />
        )}
      </div>
    </details>
  );
}

function nameOf(language: PageLanguage): string {
  return LANGUAGES.find(({ file }) => file === language)?.name ?? language;
}
