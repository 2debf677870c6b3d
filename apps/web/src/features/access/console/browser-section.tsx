import { useState } from "react";
import { chooseDensity, isCompact } from "#lib/density.ts";
import { useFormats } from "#lib/formats.ts";
import { chooseSingleKeys, usesSingleKeys } from "#lib/single-keys.ts";
import { useApp } from "#shell/app-context.tsx";
import { SelectField, SwitchField } from "#ui/field.tsx";
import { ConventionsFields } from "./conventions-fields.tsx";

/** What only holds in this browser, and is kept at once. */
export function BrowserSection() {
  const { t } = useFormats();
  const { language, preferences } = useApp();
  const [compact, setCompact] = useState(isCompact(preferences));
  const [single, setSingle] = useState(usesSingleKeys(preferences));
  return (
    <section className="grid gap-4">
      <h2 className="text-lg">{t("keys.browser")}</h2>
      <SelectField
        label={t("language.label")}
        value={language.current().tag}
        onChange={(event) => void language.choose(event.target.value)}
      >
        {language.offered.map(({ tag, name }) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </SelectField>
      <ConventionsFields />
      <SwitchField
        label={t("keys.compact")}
        help={t("keys.compactHelp")}
        checked={compact}
        onChange={(on) => {
          setCompact(on);
          chooseDensity(document, preferences, on);
        }}
      />
      <SwitchField
        label={t("keys.single")}
        help={t("keys.singleHelp")}
        checked={single}
        onChange={(on) => {
          setSingle(on);
          chooseSingleKeys(preferences, on);
        }}
      />
    </section>
  );
}
