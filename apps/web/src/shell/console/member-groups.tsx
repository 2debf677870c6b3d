import type { ReactNode } from "react";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import type { Column } from "#ui/data-table.tsx";
import { TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import type { PickerOption } from "#ui/picker.tsx";
import { EditorDrawer, FormSection } from "./editor-drawer.tsx";
import type { ListRead } from "./queries.ts";
import { useWrite } from "./queries.ts";
import type { Named } from "./resource-columns.tsx";
import { ResourcePage } from "./resource-page.tsx";
import type { EditorPlace } from "./resource-page.tsx";
import { useForm } from "./use-form.ts";

/** Things under one name. */
export interface MemberGroup extends Named {
  readonly members: readonly number[];
}

interface MemberGroupsProps {
  readonly title: string;
  readonly list: ListRead<MemberGroup>;
  /** What a group may hold. */
  readonly choices: readonly PickerOption[];
  /** Kind of the group in the interface: `server-group`. */
  readonly kind: "server-group" | "notification-group";
  readonly body: (name: string, members: number[]) => object;
  readonly texts: {
    readonly add: string;
    readonly none: string;
    readonly noneHelp: string;
    readonly members: string;
    readonly deleteHelp: string;
  };
  /** Between the bar and the list. */
  readonly children?: ReactNode;
}

/** A page of groups: name and members. */
export function MemberGroups(props: MemberGroupsProps) {
  const { title, list, choices, kind, texts, children } = props;
  const { t, number } = useFormats();
  const names = new Map(choices.map(({ id, name }) => [id, name]));
  const columns: Column<MemberGroup>[] = [
    {
      key: "members",
      label: texts.members,
      cell: ({ members }) => (
        <span className="block max-w-160 truncate text-ink-2 max-md:max-w-80 max-sm:max-w-44">
          {members.length === 0 ? "–" : members.map((id) => names.get(id) ?? `#${id}`).join(", ")}
        </span>
      ),
    },
    {
      key: "count",
      label: t("groups.count"),
      className: "end wide",
      cell: ({ members }) => number.count(members.length),
      sortBy: ({ members }) => members.length,
    },
  ];
  return (
    <ResourcePage
      title={title}
      list={list}
      columns={columns}
      texts={texts}
      deleteHelp={texts.deleteHelp}
      remove={{ path: `/batch-delete/${kind}`, stale: [`/${kind}`] }}
      editor={(place) => <GroupEditor key={place.row?.id ?? "new"} {...place} {...props} />}
    >
      {children}
    </ResourcePage>
  );
}

interface Values {
  readonly name: string;
  readonly members: readonly number[];
}

function GroupEditor({ row, like, onClose, choices, kind, body, texts }: EditorPlace<MemberGroup> & MemberGroupsProps) {
  const { t } = useFormats();
  const path = `/${kind}`;
  const save = useWrite((api, form: object) => (row === undefined ? api.post(path, form) : api.patch(`${path}/${row.id}`, form)), [path]);
  const stored = useMemo((): Values => ({ name: (row ?? like)?.name ?? "", members: (row ?? like)?.members ?? [] }), [row, like]);
  const form = useForm<Values>({
    stored,
    source: path,
    labels: { name: t("form.name"), members: texts.members },
    fresh: row === undefined,
    check: (values) => ({ name: values.name.trim() === "" ? t("form.required") : undefined }),
    save: async ({ name, members }) => void (await save.mutateAsync(body(name.trim(), [...members]))),
    onSaved: onClose,
  });
  return (
    <EditorDrawer
      title={row === undefined ? texts.add : t("table.edit", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <Picker label={texts.members} options={choices} chosen={form.values.members} onChange={(members) => form.set({ members })} />
      </FormSection>
    </EditorDrawer>
  );
}
