import type { Delivery } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { DeliveryState } from "#features/notifications/console/delivery-state.tsx";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useList } from "#shell/console/queries.ts";

/** Who was told through the reader's own channels, and how that went. */
export function IncidentMessages({ messages }: { readonly messages: readonly Delivery[] }) {
  const { t, time } = useFormats();
  const names = new Map(useList("/notification-channel").rows.map(({ id, name }) => [id, name]));
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-strong text-ink-2">{t("incident.messages")}</h3>
      {messages.length === 0 ? <p className="text-sm text-ink-2">{t("incident.noMessages")}</p> : null}
      {messages.length === 0 ? null : (
        <ul className="wf-card text-sm">
          {messages.map((message) => {
            const at = parseTime(message.created_at) ?? 0;
            return (
              <li key={message.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5 last:border-0">
                <Link to="/delivery" search={{ open: String(message.id) }} className="min-w-0 truncate font-medium">
                  {t(`deliveries.kinds.${message.kind}`)}
                </Link>
                <span className="min-w-0 flex-1 truncate text-ink-2">{names.get(message.notification) ?? `#${message.notification}`}</span>
                <DeliveryState row={message} />
                <span className="whitespace-nowrap text-ink-3 tabular-nums" title={time.full(at)}>
                  {time.dateTime(at)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
