import { useFormats } from "#lib/formats.ts";
import { AreaField, SwitchField, TextField } from "#ui/field.tsx";
import { fieldOf, isWrong } from "./agent-config.ts";
import type { ConfigKey } from "./agent-config.ts";

interface FieldProps {
  readonly name: ConfigKey;
  readonly value: string | boolean;
  /** Errors show once sending was tried. */
  readonly tried: boolean;
  readonly onChange: (value: string | boolean) => void;
}

/** One setting of an agent, drawn by its kind. */
export function ConfigFieldInput({ name, value, tried, onChange }: FieldProps) {
  const { t } = useFormats();
  const field = fieldOf(name);
  const label = t(`config.field.${name}`);
  switch (field.kind) {
    case "switch":
      return <SwitchField label={label} checked={value === true} onChange={onChange} />;
    case "number":
      return (
        <TextField
          label={label}
          inputMode="numeric"
          value={String(value)}
          error={tried && isWrong(name, value) ? t("config.range", { min: field.min, max: field.max }) : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "lines":
    case "flags":
      return (
        <AreaField
          label={label}
          help={t("config.lines")}
          mono
          rows={2}
          spellCheck={false}
          value={String(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
