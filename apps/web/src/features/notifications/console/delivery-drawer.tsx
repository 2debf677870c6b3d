import type { Delivery } from "@windfire/api";
import { Link } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { useList } from "#shell/console/queries.ts";
import { Note } from "#ui/banner.tsx";
import { Drawer } from "#ui/dialog.tsx";
import { Fact } from "#ui/fact.tsx";
import { DeliveryState } from "./delivery-state.tsx";
import { SendAgain } from "./send-again.tsx";

/** One message whole: where it goes, and how that went. */
export function DeliveryDrawer({ row, onClose }: { readonly row: Delivery; readonly onClose: () => void }) {
  const { t, number } = useFormats();
  const channel = useList("/notification-channel").rows.find(({ id }) => id === row.notification);
  const group = useList("/notification-group").rows.find((entry) => entry.group.id === row.group);
  const name = t("deliveries.title", { id: row.id });
  return (
    <Drawer
      name={name}
      title={<h2 className="text-lg">{name}</h2>}
      onClose={onClose}
      footer={row.state === "dead" ? <SendAgain row={row} /> : undefined}
    >
      <p className="wf-card p-4 wrap-anywhere whitespace-pre-wrap">{row.text}</p>
      {row.error === undefined ? null : (
        <Note state={row.state === "dead" ? "critical" : "warn"} title={t("deliveries.error")}>
          {row.error}
        </Note>
      )}
      <dl className="wf-facts">
        <Fact label={t("deliveries.state")}>
          <DeliveryState row={row} />
        </Fact>
        <Fact label={t("deliveries.kind")}>{t(`deliveries.kinds.${row.kind}`)}</Fact>
        <Fact label={t("deliveries.channel")}>
          {channel === undefined ? (
            `#${row.notification}`
          ) : (
            <Link to="/notification" search={{ edit: String(channel.id) }}>
              {channel.name}
            </Link>
          )}
        </Fact>
        <Fact label={t("deliveries.group")}>{group?.group.name ?? "–"}</Fact>
        <Fact label={t("deliveries.attempts")}>{number.count(row.attempts)}</Fact>
        <Moment label={t("deliveries.created")} at={row.created_at} />
        <Moment label={t("deliveries.next")} at={row.next_try_at} />
        <Moment label={t("deliveries.settled")} at={row.settled_at} />
      </dl>
    </Drawer>
  );
}

function Moment({ label, at }: { readonly label: string; readonly at: string | undefined }) {
  const { time } = useFormats();
  const instant = parseTime(at);
  if (instant === undefined) return null;
  return (
    <Fact label={label}>
      <span title={time.full(instant)}>{time.dateTime(instant)}</span>
    </Fact>
  );
}
