import { useFormats } from "#lib/formats.ts";
import { PageTabs } from "#shell/console/page-tabs.tsx";
import { useMay } from "#shell/console/rights.tsx";

/** What fires, what is watched, what was, and of what nobody is told. Who only reads has no rules, snoozes and windows. */
export function AlertTabs() {
  const { t } = useFormats();
  const own = useMay("change");
  return (
    <PageTabs
      label={t("incident.sections")}
      tabs={[
        { to: "/incident", label: t("nav.firing") },
        ...(own ? [{ to: "/alert-rule", label: t("nav.rules") }] : []),
        { to: "/incident-history", label: t("nav.incidents") },
        ...(own
          ? [
              { to: "/snooze", label: t("nav.snoozes") },
              { to: "/maintenance-window", label: t("nav.windows") },
            ]
          : []),
      ]}
    />
  );
}
