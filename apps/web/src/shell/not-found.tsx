import { Link } from "@tanstack/react-router";
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
          <Link to="/" className="wf-btn">
            {t("error.backHome")}
          </Link>
        }
      />
    </div>
  );
}
