import { useFormats } from "#lib/formats.ts";
import { strengthOf } from "./password-rule.ts";
import { TextField } from "#ui/field.tsx";

interface PasswordInputProps {
  readonly label: string;
  readonly help?: string;
  readonly name?: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly current?: boolean;
  readonly onChange: (value: string) => void;
}

/** A password in a form with other fields; how strong a new one is stands below it. */
export function PasswordInput({ current = false, help, onChange, ...field }: PasswordInputProps) {
  const { t } = useFormats();
  const said = current || field.value === "" ? help : t(`strength.${strengthOf(field.value)}`);
  return (
    <TextField
      {...field}
      help={said}
      type="password"
      autoComplete={current ? "current-password" : "new-password"}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
