import { useState } from "react";
import { browserZone, readConventions, writeConventions } from "#lib/conventions.ts";
import type { Conventions } from "#lib/conventions.ts";
import { followConventions, useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { SelectField } from "#ui/field.tsx";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** Which zone times are of, and in which units figures are; both halves of this browser follow at once. */
export function ConventionsFields() {
  const { t } = useFormats();
  const { language, preferences } = useApp();
  const [chosen, setChosen] = useState(() => readConventions(preferences));
  const change = (part: Partial<Conventions>) => {
    const next = { ...chosen, ...part };
    setChosen(next);
    writeConventions(preferences, next);
    followConventions(language.i18n, next);
  };
  return (
    <>
      <SelectField
        label={t("keys.zone")}
        help={t("keys.zoneHelp")}
        value={chosen.zone ?? ""}
        onChange={(event) => change({ zone: event.target.value === "" ? undefined : event.target.value })}
      >
        <option value="">{t("keys.zoneBrowser", { zone: browserZone() })}</option>
        {chosen.zone === undefined || ZONES.includes(chosen.zone) ? null : <option value={chosen.zone}>{chosen.zone}</option>}
        {ZONES.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t("keys.bytes")}
        value={String(chosen.bytes)}
        onChange={(event) => change({ bytes: event.target.value === "1000" ? 1000 : 1024 })}
      >
        <option value="1024">KiB, MiB, GiB (1024)</option>
        <option value="1000">kB, MB, GB (1000)</option>
      </SelectField>
      <SelectField
        label={t("keys.temperature")}
        value={chosen.temperature}
        onChange={(event) => change({ temperature: event.target.value === "fahrenheit" ? "fahrenheit" : "celsius" })}
      >
        <option value="celsius">°C</option>
        <option value="fahrenheit">°F</option>
      </SelectField>
    </>
  );
}
