import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { AreaField, SelectField, SwitchField, TextField } from "#ui/field.tsx";
import type { KindField, Settings } from "./kind-fields.ts";

interface SettingFieldsProps {
  readonly fields: readonly KindField[];
  readonly values: Settings;
  /** Keys of what is wrong, by field. */
  readonly errors: Readonly<Record<string, string>>;
  /** Secrets that are stored. */
  readonly kept: readonly string[];
  readonly onChange: (values: Settings) => void;
}

/** The form that a kind's schema describes. Names and helps of fields are the dashboard's. */
export function SettingFields({ fields, values, errors, kept, onChange }: SettingFieldsProps) {
  const { t } = useFormats();
  return fields.map((field) => {
    const { name } = field;
    const wrong = errors[name];
    const stored = kept.includes(name);
    return (
      <SettingField
        key={name}
        field={field}
        value={values[name] ?? ""}
        help={[stored ? t("channels.urlKeep") : "", field.help ?? ""].filter((text) => text !== "").join(" ") || undefined}
        error={wrong === undefined ? undefined : t(wrong)}
        onChange={(value) => onChange({ ...values, [name]: value })}
      />
    );
  });
}

interface SettingFieldProps {
  readonly field: KindField;
  readonly value: string | boolean;
  readonly help: string | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: string | boolean) => void;
}

function SettingField({ field, value, help, error, onChange }: SettingFieldProps): ReactNode {
  const { t } = useFormats();
  const { label, placeholder, shape, required } = field;
  if (shape === "switch") return <SwitchField label={label} help={help} checked={value === true} onChange={onChange} />;
  const shared = {
    label,
    help,
    error,
    value: String(value),
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
  };
  if (shape === "choice") {
    return (
      <SelectField {...shared}>
        {field.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </SelectField>
    );
  }
  const aside = required || shape === "number" ? {} : { aside: t("form.optional") };
  const plain = { ...aside, placeholder, spellCheck: false, autoCapitalize: "none" } as const;
  if (shape === "text" || shape === "secretText") return <AreaField {...shared} {...plain} mono rows={shape === "text" ? 4 : 2} />;
  if (shape === "secret") return <TextField {...shared} {...plain} type="password" autoComplete="new-password" />;
  return <TextField {...shared} {...plain} inputMode={shape === "number" ? "numeric" : "text"} autoComplete="off" />;
}
