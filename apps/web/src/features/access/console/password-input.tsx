import { TextField } from "#ui/field.tsx";

interface PasswordInputProps {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly current?: boolean;
  readonly onChange: (value: string) => void;
}

/** A password in a form with other fields. */
export function PasswordInput({ current = false, onChange, ...field }: PasswordInputProps) {
  return (
    <TextField
      {...field}
      type="password"
      autoComplete={current ? "current-password" : "new-password"}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
