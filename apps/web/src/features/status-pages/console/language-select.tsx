import type { Language } from "#lib/languages.ts";
import { SelectField } from "#ui/field.tsx";

type Tag = Language["file"];

interface LanguageSelectProps {
  readonly label: string;
  readonly help?: string;
  readonly languages: readonly Language[];
  readonly value: Tag;
  /** Languages that something is written in. */
  readonly marked?: Partial<Readonly<Record<Tag, unknown>>>;
  readonly onChange: (language: Tag) => void;
}

/** Languages by their own names. */
export function LanguageSelect({ label, help, languages, value, marked = {}, onChange }: LanguageSelectProps) {
  return (
    <SelectField
      label={label}
      help={help}
      value={value}
      onChange={(event) => onChange(languages.find(({ file }) => file === event.target.value)?.file ?? value)}
    >
      {languages.map(({ file, name }) => (
        <option key={file} value={file}>
          {marked[file] === undefined ? name : `${name} ✓`}
        </option>
      ))}
    </SelectField>
  );
}
