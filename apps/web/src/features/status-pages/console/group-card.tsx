import { ArrowDown, ArrowUp, Trash2, X } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { useList, useServerRows } from "#shell/console/queries.ts";
import { IconButton } from "#ui/button.tsx";
import { SelectField, TextField } from "#ui/field.tsx";
import { moved } from "./page-values.ts";
import type { PageGroup, PagePart } from "./page-values.ts";

interface CardProps {
  readonly group: PageGroup;
  /** What is wrong with its name. */
  readonly wrong: string | undefined;
  readonly onChange: (group: PageGroup) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}

const keyOf = ({ kind, id }: Pick<PagePart, "kind" | "id">) => `${kind} ${id}`;

/** Services and servers under one heading, in their order. */
export function GroupCard({ group, wrong, onChange, onMove, onRemove }: CardProps) {
  const { t } = useFormats();
  const { parts } = group;
  const setParts = (next: PagePart[]) => onChange({ ...group, parts: next });
  return (
    <div className="wf-card grid grid-cols-[minmax(0,1fr)] gap-3 p-4">
      <div className="flex items-end gap-1">
        <div className="min-w-0 flex-1">
          <TextField
            label={t("statusPages.groupName")}
            value={group.name}
            error={wrong}
            onChange={(event) => onChange({ ...group, name: event.target.value })}
          />
        </div>
        <Moves name={group.name} onMove={onMove} />
        <IconButton size="normal" label={t("picker.remove", { name: group.name })} onClick={onRemove}>
          <Trash2 className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <ol className="grid gap-2 empty:hidden">
        {parts.map((part, index) => (
          <Part
            key={keyOf(part)}
            part={part}
            onChange={(next) => setParts(parts.map((other, i) => (i === index ? next : other)))}
            onMove={(step) => setParts(moved(parts, index, step))}
            onRemove={() => setParts(parts.filter((_, i) => i !== index))}
          />
        ))}
      </ol>
      <AddPart parts={parts} onAdd={(part) => setParts([...parts, part])} />
    </div>
  );
}

/** Places of a thing in its list are changed by two buttons: they work by key, touch and screen reader alike. */
function Moves({ name, onMove }: { readonly name: string; readonly onMove: (step: -1 | 1) => void }) {
  const { t } = useFormats();
  return (
    <>
      <IconButton size="normal" label={t("statusPages.moveUp", { name })} onClick={() => onMove(-1)}>
        <ArrowUp className="size-4" aria-hidden="true" />
      </IconButton>
      <IconButton size="normal" label={t("statusPages.moveDown", { name })} onClick={() => onMove(1)}>
        <ArrowDown className="size-4" aria-hidden="true" />
      </IconButton>
    </>
  );
}

interface PartProps {
  readonly part: PagePart;
  readonly onChange: (part: PagePart) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}

function Part({ part, onChange, onMove, onRemove }: PartProps) {
  const { t } = useFormats();
  const nameOf = useRowNames();
  const row = nameOf(part);
  return (
    <li className="flex items-end gap-1">
      <div className="min-w-0 flex-1">
        <TextField
          label={`${t(part.kind === "server" ? "column.server" : "palette.kind.service")}: ${row}`}
          placeholder={row}
          value={part.name}
          onChange={(event) => onChange({ ...part, name: event.target.value })}
        />
      </div>
      <Moves name={row} onMove={onMove} />
      <IconButton size="normal" label={t("picker.remove", { name: row })} onClick={onRemove}>
        <X className="size-4" aria-hidden="true" />
      </IconButton>
    </li>
  );
}

function AddPart({ parts, onAdd }: { readonly parts: readonly PagePart[]; readonly onAdd: (part: PagePart) => void }) {
  const { t } = useFormats();
  const listed = new Set(parts.map(keyOf));
  const lists = [
    { kind: "service", label: t("nav.services"), rows: useList("/service/list").rows },
    { kind: "server", label: t("nav.servers"), rows: useServerRows().rows },
  ] as const;
  return (
    <SelectField
      label={t("statusPages.addPart")}
      value=""
      onChange={(event) => {
        const [kind, id] = event.target.value.split(" ");
        if (kind === "service" || kind === "server") onAdd({ kind, id: Number(id), name: "", names: {} });
      }}
    >
      <option value="">{t("snooze.choose")}</option>
      {lists.map(({ kind, label, rows }) => (
        <optgroup key={kind} label={label}>
          {rows
            .filter(({ id }) => !listed.has(keyOf({ kind, id })))
            .map(({ id, name }) => (
              <option key={id} value={keyOf({ kind, id })}>
                {name}
              </option>
            ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

/** The name of what a part stands for. */
export function useRowNames(): (part: Pick<PagePart, "kind" | "id">) => string {
  const services = useList("/service/list").rows;
  const servers = useServerRows().rows;
  return ({ kind, id }) => (kind === "server" ? servers : services).find((row) => row.id === id)?.name ?? `#${id}`;
}
