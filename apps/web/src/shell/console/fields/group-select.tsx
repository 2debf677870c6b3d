import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { SelectField } from "#ui/field.tsx";
import { useList } from "../queries.ts";

interface GroupSelectProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  readonly value: number;
  readonly onChange: (id: number) => void;
}

/** Who is told: a notification group by name, or nobody. A group that is gone stays visible as such. */
export function GroupSelect({ label, help, error, value, onChange }: GroupSelectProps) {
  const { t } = useFormats();
  const { rows, loading } = useList("/notification-group");
  const missing = value !== 0 && !loading && !rows.some(({ group }) => group.id === value);
  return (
    <SelectField
      label={label}
      help={rows.length === 0 && !loading ? <Link to="/notification-group">{t("notify.noGroups")}</Link> : help}
      error={error}
      value={String(value)}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      <option value="0">{t("notify.nobody")}</option>
      {missing ? <option value={value}>{t("notify.missing", { id: value })}</option> : null}
      {rows.map(({ group }) => (
        <option key={group.id} value={group.id}>
          {group.name}
        </option>
      ))}
    </SelectField>
  );
}

/** The name of a notification group in a cell. */
export function GroupName({ id }: { readonly id: number }) {
  const { rows } = useList("/notification-group");
  const name = rows.find(({ group }) => group.id === id)?.group.name;
  return <span className="text-ink-2">{id === 0 ? "–" : (name ?? `#${id}`)}</span>;
}
