import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { SelectField } from "#ui/field.tsx";
import { useServerRows } from "../queries.ts";

interface ServerSelectProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  /** Id as text; "0" while none is chosen. */
  readonly value: string;
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
}

/** One server, by name. One that is gone stays visible as such. */
export function ServerSelect({ value, ...field }: ServerSelectProps) {
  const { t } = useFormats();
  const { rows, loading } = useServerRows();
  const missing = value !== "0" && !loading && !rows.some((server) => String(server.id) === value);
  return (
    <SelectField {...field} value={value}>
      <option value="0" disabled>
        {t("nat.chooseServer")}
      </option>
      {missing ? <option value={value}>#{value}</option> : null}
      {rows.map((server) => (
        <option key={server.id} value={server.id}>
          {server.name}
        </option>
      ))}
    </SelectField>
  );
}
