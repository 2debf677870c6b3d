import type { ServicesOverview } from "@windfire/api";
import { memo } from "react";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { Link } from "#shell/public-link.tsx";
import { Sparkline } from "#ui/sparkline.tsx";
import { StateIcon } from "#ui/state-icon.tsx";
import { delaysOf, serviceList } from "../shared/service-model.ts";
import type { ServiceItem } from "../shared/service-model.ts";
import { DayBar } from "./day-bar.tsx";

const ROW =
  "grid grid-cols-[minmax(8rem,13rem)_21rem_minmax(4rem,1fr)_4.5rem_4.5rem] items-center gap-6 border-b border-line px-4 py-2 last:border-0 max-lg:grid-cols-[minmax(7rem,1fr)_18rem_4.5rem_4.5rem] max-lg:gap-4 max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:gap-y-1.5";

/** Services below the servers, with their last 30 days; nothing when there are none. */
export const ServicesSection = memo(function ServicesSection({ overview }: { readonly overview: ServicesOverview | undefined }) {
  const { t } = useFormats();
  const items = serviceList(overview);
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="services" className="mt-8">
      <div className="mb-3 flex items-baseline gap-3">
        <h2 id="services" className="text-lg">
          {t("nav.services")}
        </h2>
        <span className="text-sm text-ink-3">{t("services.period")}</span>
      </div>
      <ServiceRows items={items} />
    </section>
  );
});

export function ServiceRows({ items }: { readonly items: readonly ServiceItem[] }) {
  const { t } = useFormats();
  const { store } = useApp().live;
  const now = store.serverNow();
  return (
    <div className="wf-card">
      <div aria-hidden="true" className={`${ROW} border-line-2! py-1.5! text-xs text-ink-3 max-sm:hidden`}>
        <span>{t("services.service")}</span>
        <span>{t("services.days")}</span>
        <span className="max-lg:hidden">{t("services.latency")}</span>
        <span className="text-end">{t("services.delay")}</span>
        <span className="text-end">{t("services.uptime")}</span>
      </div>
      {items.map((item) => (
        <Row key={item.id} item={item} now={now} />
      ))}
    </div>
  );
}

function Row({ item, now }: { readonly item: ServiceItem; readonly now: number }) {
  const { t, number } = useFormats();
  return (
    <div className={ROW}>
      <span className="flex min-w-0 items-center gap-2">
        <StateIcon state={item.state} label={t(`service.${item.state}`)} />
        <Link to={`/service/${item.id}`} className="truncate font-medium text-ink">
          {item.name}
        </Link>
      </span>
      <span className="max-sm:col-span-full max-sm:row-start-2">
        <DayBar days={item.days} now={now} name={item.name} />
      </span>
      <Sparkline values={delaysOf(item.days)} className="h-6 w-full max-lg:hidden" />
      <span className="text-end text-ink-2 tabular-nums max-sm:hidden">
        {item.delay === undefined ? "–" : number.milliseconds(item.delay)}
      </span>
      <span className="text-end font-medium tabular-nums">{item.uptime === undefined ? "–" : number.uptime(item.uptime)}</span>
    </div>
  );
}
