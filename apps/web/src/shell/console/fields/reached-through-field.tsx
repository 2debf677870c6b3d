import type { ReachedThrough } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { SelectField } from "#ui/field.tsx";
import { useList, useServerRows } from "../queries.ts";
import { readThrough, writeThrough } from "./reached-through.ts";

interface ReachedThroughProps {
  /** What this is, which is not reached through itself; `undefined` for something new. */
  readonly own: ReachedThrough | undefined;
  readonly value: ReachedThrough | null;
  readonly onChange: (value: ReachedThrough | null) => void;
}

/** The server or service that this one is reached through, by name, or none. */
export function ReachedThroughField({ own, value, onChange }: ReachedThroughProps) {
  const { t } = useFormats();
  const servers = useServerRows();
  const services = useList("/service/list");
  const lists = [
    { kind: "server", label: t("nav.servers"), rows: servers.rows },
    { kind: "service", label: t("nav.services"), rows: services.rows },
  ] as const;
  const known = value === null || lists.some(({ kind, rows }) => kind === value.kind && rows.some(({ id }) => id === value.id));
  return (
    <SelectField
      label={t("through.label")}
      help={t("through.help")}
      value={writeThrough(value)}
      onChange={(event) => onChange(readThrough(event.target.value))}
    >
      <option value="">{t("through.none")}</option>
      {known || servers.loading || services.loading ? null : <option value={writeThrough(value)}>#{value.id}</option>}
      {lists.map(({ kind, label, rows }) => (
        <optgroup key={kind} label={label}>
          {rows
            .filter(({ id }) => own?.kind !== kind || own.id !== id)
            .map(({ id, name }) => (
              <option key={id} value={writeThrough({ kind, id })}>
                {name}
              </option>
            ))}
        </optgroup>
      ))}
    </SelectField>
  );
}
