import type { NotificationGroupFormInput } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { MemberGroups } from "#shell/console/member-groups.tsx";
import { useList } from "#shell/console/queries.ts";
import { NotificationTabs } from "./notification-tabs.tsx";

/** Who is told: channels under one name. */
export function Page() {
  const { t } = useFormats();
  const { rows, ...state } = useList("/notification-group");
  const channels = useList("/notification").rows;
  return (
    <MemberGroups
      title={t("nav.notificationGroups")}
      list={{ ...state, rows: rows.map(({ group, notifications }) => ({ id: group.id, name: group.name, members: notifications ?? [] })) }}
      choices={channels.map(({ id, name }) => ({ id, name }))}
      kind="notification-group"
      body={(name, notifications): NotificationGroupFormInput => ({ name, notifications })}
      texts={{
        add: t("channelGroups.add"),
        none: t("channelGroups.none"),
        noneHelp: t("channelGroups.noneHelp"),
        members: t("channelGroups.members"),
        deleteHelp: t("channelGroups.deleteHelp"),
      }}
    >
      <NotificationTabs />
    </MemberGroups>
  );
}
