import { useFormats } from "#lib/formats.ts";
import { PageTabs } from "#shell/console/page-tabs.tsx";
import { useMay } from "#shell/console/rights.tsx";

/** Pages, and the texts that are written on all of them again and again. */
export function ListTabs() {
  const { t } = useFormats();
  if (!useMay("change")) return null;
  return (
    <PageTabs
      label={t("statusPages.sections")}
      tabs={[
        { to: "/status-page", label: t("nav.statusPages") },
        { to: "/page-template", label: t("statusPages.templates") },
      ]}
    />
  );
}
