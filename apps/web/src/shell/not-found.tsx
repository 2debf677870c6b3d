import { useFormats } from "#lib/formats.ts";
import { EmptyState } from "#ui/empty-state.tsx";

export function NotFound() {
  const { t } = useFormats();
  return (
    <div className="pt-16">
      <EmptyState
        first
        title={t("error.notFound")}
        action={
          <a href={import.meta.env.BASE_URL} className="wf-btn">
            {t("error.backHome")}
          </a>
        }
      />
    </div>
  );
}
