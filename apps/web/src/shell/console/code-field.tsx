import { useFormats } from "#lib/formats.ts";
import { TextField } from "#ui/field.tsx";

interface CodeFieldProps {
  /** In a form that is read when it is sent … */
  readonly name?: string;
  /** … or kept by whoever shows it. */
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  /** Of a generator that is being set up: there are no recovery codes yet. */
  readonly first?: boolean;
}

/** The code of a second factor, or a recovery code in its place. Takes the focus: it is what is asked for now. */
export function CodeField({ onChange, first = false, ...field }: CodeFieldProps) {
  const { t } = useFormats();
  return (
    <TextField
      {...field}
      label={t("login.code")}
      help={first ? undefined : t("login.codeHelp")}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={64}
      required
      autoFocus
      onChange={(event) => onChange?.(event.target.value)}
    />
  );
}
