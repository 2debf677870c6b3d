import { useFormats } from "#lib/formats.ts";
import { SignInCard } from "#shell/sign-in-card.tsx";
import { usePublicSite } from "#shell/public-data.tsx";
import { useTitle } from "#shell/public-shell.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { SkeletonRows } from "#ui/skeleton.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { serviceList } from "#features/services/shared/service-model.ts";
import type { ServiceItem } from "#features/services/shared/service-model.ts";
import { ServiceRows } from "#features/services/public/services-section.tsx";

/** All services with their last 30 days. */
export function ServicesPage() {
  const { t } = useFormats();
  const { data, error } = useResource(usePublicSite().services);
  useTitle(t("nav.services"));
  if (data === undefined) return error === undefined ? <SkeletonRows label={t("nav.services")} /> : <SignInCard error={error} />;
  const items = serviceList(data);
  if (items.length === 0) {
    return (
      <div className="pt-10">
        <h1 className="sr-only">{t("nav.services")}</h1>
        <EmptyState title={t("services.none")}>{t("services.noneHelp")}</EmptyState>
      </div>
    );
  }
  return (
    <section className="pt-8">
      <h1 className="flex items-center gap-3 text-2xl tracking-tight">
        <Headline items={items} />
      </h1>
      <p className="mt-2 mb-5 text-ink-2">{t("services.period")}</p>
      <ServiceRows items={items} />
    </section>
  );
}

/** The worst thing first; what nothing is known of is not up. */
function Headline({ items }: { readonly items: readonly ServiceItem[] }) {
  const { t } = useFormats();
  const waiting = items.filter(({ state }) => state === "waiting").length;
  const failing = items.filter(({ state }) => state === "critical" || state === "warn").length;
  const [state, text] =
    failing > 0
      ? (["critical", t("services.failing", { count: failing })] as const)
      : waiting > 0
        ? (["waiting", t("services.waiting", { count: waiting })] as const)
        : (["up", t("services.allUp", { count: items.length })] as const);
  return (
    <>
      <StateIcon state={state} className="size-6!" />
      {text}
    </>
  );
}
