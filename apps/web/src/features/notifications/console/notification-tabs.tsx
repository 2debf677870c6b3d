import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";

/** Channels, and the groups that name them. */
export function NotificationTabs() {
  const { t } = useFormats();
  return (
    <nav aria-label={t("channels.sections")} className="wf-tabs">
      <Link to="/notification" activeOptions={{ exact: true, includeSearch: false }}>
        {t("channelGroups.members")}
      </Link>
      <Link to="/notification-group" activeOptions={{ exact: true, includeSearch: false }}>
        {t("channels.groups")}
      </Link>
    </nav>
  );
}
