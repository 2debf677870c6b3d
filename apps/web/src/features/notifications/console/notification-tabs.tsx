import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";

const EXACT = { exact: true, includeSearch: false } as const;

/** Channels, the groups that name them, and what became of messages. */
export function NotificationTabs() {
  const { t } = useFormats();
  return (
    <nav aria-label={t("channels.sections")} className="wf-tabs">
      <Link to="/notification" activeOptions={EXACT}>
        {t("channelGroups.members")}
      </Link>
      <Link to="/notification-group" activeOptions={EXACT}>
        {t("channels.groups")}
      </Link>
      <Link to="/delivery" activeOptions={EXACT}>
        {t("nav.deliveries")}
      </Link>
    </nav>
  );
}
