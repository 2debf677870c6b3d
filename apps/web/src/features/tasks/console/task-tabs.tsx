import { useFormats } from "#lib/formats.ts";
import { PageTabs } from "#shell/console/page-tabs.tsx";

/** What is to run, and what ran. */
export function TaskTabs() {
  const { t } = useFormats();
  return (
    <PageTabs
      label={t("runs.sections")}
      tabs={[
        { to: "/cron", label: t("nav.tasks") },
        { to: "/cron-run", label: t("nav.runs") },
      ]}
    />
  );
}
