import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { TextField } from "./field.tsx";

interface DateTimeFieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  /** How the server calls it. */
  readonly name?: string;
  /** RFC 3339; "" for none. */
  readonly value: string;
  /** Told with RFC 3339 in UTC, or "". Only `target.value` is there. */
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
}

/** A moment, written in the zone that all times are shown in. */
export function DateTimeField({ label, help, error, name, value, onChange }: DateTimeFieldProps) {
  const { wall, zone } = useFormats().time;
  return (
    <TextField
      label={label}
      help={
        <>
          {help} {zone}
        </>
      }
      error={error}
      name={name}
      type="datetime-local"
      value={wall.write(Date.parse(value))}
      onChange={(event) => {
        const at = wall.read(event.target.value);
        onChange({ target: { value: Number.isNaN(at) ? "" : new Date(at).toISOString() } });
      }}
    />
  );
}
