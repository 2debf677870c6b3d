import type { Notification, NotificationFormInput } from "@windfire/api";
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
import { ChannelEditor } from "./channel-editor.tsx";
import { readChannel, writeChannel } from "./channel-values.ts";
import { NotificationTabs } from "./notification-tabs.tsx";

/** Where messages go. */
export function Page() {
  const { t } = useFormats();
  const [testing, setTesting] = useState<Notification>();
  return (
    <ResourcePage
      title={t("nav.notifications")}
      list={useList("/notification")}
      columns={useColumns()}
      texts={{ add: t("channels.add"), none: t("channels.none"), noneHelp: t("channels.noneHelp") }}
      deleteHelp={t("channels.deleteHelp")}
      remove={{ path: "/batch-delete/notification", stale: ["/notification", "/notification-group"] }}
      rowActions={(row) => (
        <IconButton label={`${t("channels.sendTest")}: ${row.name}`} onClick={() => setTesting(row)}>
          <Send className="size-4" aria-hidden="true" />
        </IconButton>
      )}
      editor={(place) => <ChannelEditor key={place.row?.id ?? "new"} {...place} />}
    >
      <NotificationTabs />
      {testing === undefined ? null : <SendTest channel={testing} onClose={() => setTesting(undefined)} />}
    </ResourcePage>
  );
}

function useColumns(): Column<Notification>[] {
  const { t } = useFormats();
  const groups = useList("/notification-group").rows;
  const groupsOf = (id: number) => groups.filter((entry) => entry.notifications?.includes(id)).map((entry) => entry.group.name);
  return [
    {
      key: "groups",
      label: t("channels.groups"),
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
      key: "method",
      label: t("channels.request"),
      className: "wide",
      cell: (row) => {
        const { method, type } = readChannel(row);
        return <span className="text-ink-2">{method === "GET" ? method : `${method}, ${t(`channels.${type}`)}`}</span>;
      },
    },
  ];
}

/** The dashboard sends a test message when a channel is saved as it is. */
function SendTest({ channel, onClose }: { readonly channel: Notification; readonly onClose: () => void }) {
  const { t } = useFormats();
  const { toasts } = useApp();
  const send = useWrite((api, body: NotificationFormInput) => api.patch(`/notification/${channel.id}`, body), ["/notification"]);
  return (
    <ConfirmDialog
      title={t("channels.testTitle")}
      names={[channel.name]}
      verb={t("channels.sendTest")}
      dangerous={false}
      run={async () => {
        await send.mutateAsync({ ...writeChannel(readChannel(channel)), skip_check: false });
        toasts.show({ text: t("channels.testSent", { name: channel.name }) });
      }}
      onClose={onClose}
    />
  );
}
