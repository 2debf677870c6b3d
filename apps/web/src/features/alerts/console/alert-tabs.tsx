import { useFormats } from "#lib/formats.ts";
import { PageTabs } from "#shell/console/page-tabs.tsx";

/** What fires, what is watched, what was, and of what nobody is told. */
export function AlertTabs() {
  const { t } = useFormats();
  return (
    <PageTabs
      label={t("incident.sections")}
      tabs={[
        { to: "/incident", label: t("nav.firing") },
        { to: "/alert-rule", label: t("nav.rules") },
        { to: "/incident-history", label: t("nav.incidents") },
        { to: "/snooze", label: t("nav.snoozes") },
        { to: "/maintenance-window", label: t("nav.windows") },
      ]}
    />
  );
}
