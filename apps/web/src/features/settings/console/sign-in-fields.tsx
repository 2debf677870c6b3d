import { useFormats } from "#lib/formats.ts";
import { SelectField, SwitchField } from "#ui/field.tsx";
import type { SettingFieldsProps } from "./setting-values.ts";

const MODES = ["factor", "all", "off"] as const;

/** How long a sign-in is trusted, and with what. */
export function SignInFields({ values, set }: SettingFieldsProps) {
  const { t } = useFormats();
  return (
    <>
      <SelectField
        label={t("settings.field.step_up")}
        help={t("settings.help.step_up")}
        value={values.step_up}
        onChange={(event) => set({ step_up: MODES.find((mode) => mode === event.target.value) ?? "factor" })}
      >
        {MODES.map((mode) => (
          <option key={mode} value={mode}>
            {t(`settings.stepUp.${mode}`)}
          </option>
        ))}
      </SelectField>
      <SwitchField
        label={t("settings.field.allow_jwt_ip_change")}
        help={t("settings.help.allow_jwt_ip_change")}
        checked={values.allow_jwt_ip_change === true}
        onChange={(allow_jwt_ip_change) => set({ allow_jwt_ip_change })}
      />
    </>
  );
}
