import { DayBar } from "#features/services/public/day-bar.tsx";
import { serviceList } from "#features/services/shared/service-model.ts";
import { useFormats } from "#lib/formats.ts";
import { useApp } from "#shell/app-context.tsx";
import { EmbedFrame, EmbedLink, EmbedMissing } from "#shell/embed-frame.tsx";
import { usePublicSite } from "#shell/public-data.tsx";
import { usePathId } from "#shell/public-router-context.ts";
import { useTitle } from "#shell/public-shell.tsx";
import { useResource } from "#shell/resource-hook.ts";
import { StateIcon } from "#ui/state-icon.tsx";

/** One service in a frame of another site. */
export function EmbedServicePage() {
  const { t, number } = useFormats();
  const id = usePathId();
  const { store } = useApp().live;
  const { data, error } = useResource(usePublicSite().services);
  const item = serviceList(data).find((service) => String(service.id) === id);
  useTitle(item?.name ?? "");
  if (item === undefined) {
    return <EmbedFrame>{data === undefined && error === undefined ? t("live.connecting") : <EmbedMissing />}</EmbedFrame>;
  }
  return (
    <EmbedFrame>
      <article className="grid gap-2.5">
        <h1 className="flex items-center gap-2 text-[0.9375rem]">
          <StateIcon state={item.state} label={t(`service.${item.state}`)} />
          <EmbedLink path={`/service/${id}`}>{item.name}</EmbedLink>
          <span className="text-sm font-normal text-ink-2 tabular-nums">
            {item.uptime === undefined ? "–" : number.uptime(item.uptime)}
          </span>
        </h1>
        <DayBar days={item.days} now={store.serverNow()} name={item.name} />
      </article>
    </EmbedFrame>
  );
}
