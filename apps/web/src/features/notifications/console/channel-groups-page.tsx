import type { NotificationGroupFormInput } from "@windfire/api";
import { useMemo } from "react";
import { useFormats } from "#lib/formats.ts";
import { EditorDrawer, FormSection } from "#shell/console/editor-drawer.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import type { EditorPlace, Named } from "#shell/console/resource-page.tsx";
import { useForm } from "#shell/console/use-form.ts";
import type { Column } from "#ui/data-table.tsx";
import { TextField } from "#ui/field.tsx";
import { Picker } from "#ui/picker.tsx";
import { NotificationTabs } from "./notification-tabs.tsx";

interface GroupRow extends Named {
  readonly members: readonly number[];
}

/** Who is told: channels under one name. */
export function Page() {
  const { t } = useFormats();
  const { rows, ...state } = useList("/notification-group");
  const channels = useList("/notification").rows;
  const names = new Map(channels.map((channel) => [channel.id, channel.name]));
  const groups = rows.map(({ group, notifications }): GroupRow => ({ id: group.id, name: group.name, members: notifications ?? [] }));
  const columns: Column<GroupRow>[] = [
    {
      key: "members",
      label: t("channelGroups.members"),
      cell: ({ members }) => (
        <span className="block max-w-160 truncate text-ink-2 max-md:max-w-44">
          {members.length === 0 ? "–" : members.map((id) => names.get(id) ?? `#${id}`).join(", ")}
        </span>
      ),
    },
  ];
  return (
    <ResourcePage
      title={t("nav.notificationGroups")}
      list={{ ...state, rows: groups }}
      columns={columns}
      texts={{ add: t("channelGroups.add"), none: t("channelGroups.none"), noneHelp: t("channelGroups.noneHelp") }}
      deleteHelp={t("channelGroups.deleteHelp")}
      remove={{ path: "/batch-delete/notification-group", stale: ["/notification-group"] }}
      editor={(place) => <GroupEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <NotificationTabs />
    </ResourcePage>
  );
}

interface Values {
  readonly name: string;
  readonly members: readonly number[];
}

function GroupEditor({ row, onClose }: EditorPlace<GroupRow>) {
  const { t } = useFormats();
  const channels = useList("/notification").rows;
  const save = useWrite(
    (api, body: NotificationGroupFormInput) =>
      row === undefined ? api.post("/notification-group", body) : api.patch(`/notification-group/${row.id}`, body),
    ["/notification-group"],
  );
  const stored = useMemo((): Values => ({ name: row?.name ?? "", members: row?.members ?? [] }), [row]);
  const form = useForm<Values>({
    stored,
    labels: { name: t("form.name"), members: t("channelGroups.members") },
    fresh: row === undefined,
    check: (values) => ({ name: values.name.trim() === "" ? t("form.required") : undefined }),
    save: async ({ name, members }) => void (await save.mutateAsync({ name: name.trim(), notifications: [...members] })),
    onSaved: onClose,
  });
  return (
    <EditorDrawer
      title={row === undefined ? t("channelGroups.add") : t("channelGroups.title", { name: row.name })}
      verb={row === undefined ? t("action.create") : t("action.save")}
      form={form}
      onClose={onClose}
    >
      <FormSection>
        <TextField {...form.text("name")} />
        <Picker
          label={t("channelGroups.members")}
          options={channels.map((channel) => ({ id: channel.id, name: channel.name }))}
          chosen={form.values.members}
          onChange={(members) => form.set({ members })}
        />
      </FormSection>
    </EditorDrawer>
  );
}
