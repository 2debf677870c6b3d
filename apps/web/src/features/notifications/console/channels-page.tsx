import type { NotificationChannel } from "@windfire/api";
import { Send } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { useList, useWrite } from "#shell/console/queries.ts";
import { ResourcePage } from "#shell/console/resource-page.tsx";
import { IconButton } from "#ui/button.tsx";
import { Chip } from "#ui/chip.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import type { Column } from "#ui/data-table.tsx";
import { ChannelPlace } from "./channel-place.tsx";
import { NotificationTabs } from "./notification-tabs.tsx";

/** Where messages go. */
export function Page() {
  const { t } = useFormats();
  const [testing, setTesting] = useState<NotificationChannel>();
  const kindName = useKindName();
  return (
    <ResourcePage
      title={t("nav.notifications")}
      list={useList("/notification-channel")}
      columns={useColumns()}
      words={kindName}
      texts={{ add: t("channels.add"), none: t("channels.none"), noneHelp: t("channels.noneHelp") }}
      deleteHelp={t("channels.deleteHelp")}
      remove={{ path: "/batch-delete/notification", stale: ["/notification", "/notification-channel", "/notification-group"] }}
      rowActions={(row) => (
        <IconButton label={`${t("channels.sendTest")}: ${row.name}`} onClick={() => setTesting(row)}>
          <Send className="size-4" aria-hidden="true" />
        </IconButton>
      )}
      editor={(place) => <ChannelPlace key={place.row?.id ?? "new"} {...place} />}
    >
      <NotificationTabs />
      {testing === undefined ? null : <SendTest channel={testing} onClose={() => setTesting(undefined)} />}
    </ResourcePage>
  );
}

/** What the service of a channel is called. */
function useKindName(): (row: NotificationChannel) => string {
  const { t } = useFormats();
  const names = new Map(useList("/notification-kind").rows.map(({ kind, name }) => [kind, name]));
  return ({ kind }) => (kind === "" ? t("channels.plain") : (names.get(kind) ?? kind));
}

function useColumns(): Column<NotificationChannel>[] {
  const { t } = useFormats();
  const kindName = useKindName();
  const groups = useList("/notification-group").rows;
  const groupsOf = (id: number) => groups.filter((entry) => entry.notifications?.includes(id)).map((entry) => entry.group.name);
  return [
    {
      key: "kind",
      label: t("channels.kind"),
      cell: (row) => (
        <span className="inline-flex items-center gap-2 text-ink-2">
          {kindName(row)}
          {row.edited_elsewhere === undefined ? null : <Chip tone="warn">{t("channels.changed")}</Chip>}
        </span>
      ),
      sortBy: kindName,
    },
    {
      key: "groups",
      label: t("channels.groups"),
      className: "wide",
      cell: (row) => (
        <span className="inline-flex gap-1">
          {groupsOf(row.id).map((name) => (
            <Chip key={name} tone="line">
              {name}
            </Chip>
          ))}
        </span>
      ),
    },
    {
      key: "least",
      label: t("channels.least"),
      className: "wider",
      cell: (row) => <span className="text-ink-2">{t(`channels.severity.${row.options.least_severity}`)}</span>,
    },
  ];
}

/** A test message through a channel as it is. */
function SendTest({ channel, onClose }: { readonly channel: NotificationChannel; readonly onClose: () => void }) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const send = useWrite((api, id: number) => api.post("/notification-channel/test", { id }), []);
  return (
    <ConfirmDialog
      title={t("channels.testTitle")}
      names={[channel.name]}
      verb={t("channels.sendTest")}
      dangerous={false}
      run={async () => {
        await send.mutateAsync(channel.id);
        toasts.show({ text: t("channels.testSent", { name: channel.name }) });
      }}
      onClose={onClose}
    />
  );
}
