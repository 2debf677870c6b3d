import type { IncidentDetail } from "@windfire/api";
import { Bell, BellOff, Check, CircleCheck, TriangleAlert } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { TFunction } from "i18next";
import { useFormats } from "#lib/formats.ts";
import { parseTime } from "#lib/time-format.ts";
import { heldText } from "./incident-words.tsx";

type Entry = IncidentDetail["timeline"][number];

const ICONS: Readonly<Record<Entry["kind"], LucideIcon>> = {
  opened: TriangleAlert,
  held: BellOff,
  told: Bell,
  acknowledged: Check,
  ended: CircleCheck,
};

/** What happened, first to last. */
export function IncidentTimeline({ incident }: { readonly incident: IncidentDetail }) {
  const { t, time } = useFormats();
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-strong text-ink-2">{t("incident.timeline")}</h3>
      <ol className="wf-card">
        {incident.timeline.map((entry, i) => {
          const Icon = ICONS[entry.kind];
          const at = parseTime(entry.at) ?? 0;
          return (
            <li key={i} className="flex items-start gap-3 border-b border-line px-4 py-2.5 text-sm last:border-0">
              <Icon className="mt-0.5 size-4 flex-none text-ink-3" aria-hidden="true" />
              <span className="min-w-0 flex-1 wrap-anywhere">{entryText(t, entry)}</span>
              <time dateTime={new Date(at).toISOString()} title={time.full(at)} className="whitespace-nowrap text-ink-3 tabular-nums">
                {time.dateTime(at)}
              </time>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** An entry in words. What belongs to it is read with care: older dashboards wrote less. */
function entryText(t: TFunction, { kind, detail }: Entry): string {
  switch (kind) {
    case "opened":
      return t("incident.entry.opened");
    case "held":
      return t("incident.entry.held", { reason: heldText(t, textOf(detail, "reason")) });
    case "told":
      return t("incident.entry.told");
    case "acknowledged": {
      const note = textOf(detail, "note");
      const said = t("incident.entry.acknowledged", { name: textOf(detail, "by") });
      return note === "" ? said : `${said} ${note}`;
    }
    case "ended":
      return t([`incident.outcome.${textOf(detail, "outcome")}`, "incident.outcome.other"]);
  }
}

function textOf(detail: unknown, key: string): string {
  const value: unknown = typeof detail === "object" && detail !== null ? Reflect.get(detail, key) : undefined;
  return typeof value === "string" ? value : "";
}
