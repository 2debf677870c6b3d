import { useFormats } from "#lib/formats.ts";
import { PageTabs } from "#shell/console/page-tabs.tsx";

/** Channels, the groups that name them, what became of messages, and what is told at times. */
export function NotificationTabs() {
  const { t } = useFormats();
  return (
    <PageTabs
      label={t("channels.sections")}
      tabs={[
        { to: "/notification", label: t("channelGroups.members") },
        { to: "/notification-group", label: t("channels.groups") },
        { to: "/delivery", label: t("nav.deliveries") },
        { to: "/report", label: t("nav.reports") },
      ]}
    />
  );
}
